"""The cross-check for other national systems, over HTTP, in the shape that clients of yente speak."""
