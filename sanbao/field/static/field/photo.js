// Makes a large photo smaller before it is sent or kept: for slow lines and small phones.

const SIDE = 1600;
const LARGE = 900_000;

export async function smaller(file) {
  if (!file || file.size < LARGE || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return new File([blob], "front.jpg", { type: "image/jpeg" });
  } catch {
    return file; // the server judges the picture as it is
  }
}
