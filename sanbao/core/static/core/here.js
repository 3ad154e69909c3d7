// Fills longitude and latitude (WGS-84) from the phone. Without this file the place is chosen or written by hand.
for (const place of document.querySelectorAll("[data-place]")) {
  const button = place.querySelector("[data-here]");
  const said = place.querySelector("[data-here-said]");
  if (!button || !navigator.geolocation) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        place.querySelector("[name=lon]").value = coords.longitude.toFixed(6);
        place.querySelector("[name=lat]").value = coords.latitude.toFixed(6);
        said.textContent = `± ${Math.round(coords.accuracy)} m`;
      },
      () => { said.textContent = said.dataset.denied; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
