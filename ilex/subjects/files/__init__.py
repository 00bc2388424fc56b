"""Files of subjects, in and out: FollowTheMoney, CSV and XLSX. Every fault is named with its row, column and reason."""
