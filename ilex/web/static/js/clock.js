// The clock of the identity bar: the unit's time and UTC, by the node's clock and not by this computer's.
"use strict";
(() => {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const local = clock.querySelector("[data-local]");
  const utc = clock.querySelector("[data-utc]");
  const ahead = Date.parse(local.dateTime) - Date.now();
  const hours = (zone) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const here = hours(clock.dataset.zone);
  const there = hours("UTC");

  const tick = () => {
    const now = new Date(Date.now() + ahead);
    local.textContent = here.format(now);
    utc.textContent = there.format(now);
    local.dateTime = utc.dateTime = now.toISOString();
    setTimeout(tick, 60000 - (now.getTime() % 60000) + 20);
  };
  tick();
})();
