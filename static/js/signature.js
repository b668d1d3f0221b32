// A signature drawn with a finger, a pen or a mouse, beside the name that is typed: lines of whole numbers.
(() => {
  const MOST = 20000;

  const begin = (box) => {
    const canvas = box.querySelector("canvas");
    const field = box.querySelector("input[name$='.drawn']");
    const pen = canvas.getContext("2d");
    let isDown = false;

    const draw = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.lineWidth = 3;
      pen.lineCap = "round";
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.stroke(new Path2D(field.value));
    };

    const at = (event) => {
      const frame = canvas.getBoundingClientRect();
      const x = ((event.clientX - frame.left) / frame.width) * canvas.width;
      const y = ((event.clientY - frame.top) / frame.height) * canvas.height;
      const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
      return `${within(x, canvas.width)} ${within(y, canvas.height)}`;
    };

    const add = (sign, event) => {
      const more = sign + at(event);
      if (field.value.length + more.length < MOST) field.value += more;
    };

    canvas.addEventListener("pointerdown", (event) => {
      isDown = true;
      canvas.setPointerCapture(event.pointerId);
      add("M", event);
      add("L", event);
      draw();
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!isDown) return;
      add("L", event);
      draw();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => {
        isDown = false;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
    box.querySelector("button").addEventListener("click", () => {
      field.value = "";
      draw();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    box.querySelector(".drawing").hidden = false;
    draw();
  };

  document.querySelectorAll("[data-signature]").forEach(begin);
})();
