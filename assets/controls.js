/* A number or a text is sent when typing pauses. Who presses Enter, leaves the field or goes by the arrow keys of a stepper has
   finished, and does not wait for the pause. */
(function () {
    'use strict';
    const field = (target) => (target instanceof HTMLInputElement && target.id.startsWith('{') ? target.closest('.td-control-number, .td-control-text') : null);

    function send(input) {
        const box = field(input);
        if (!box) return;
        const text = input.value.trim(), number = Number(text.replace(/\s*[^\d.eE+-]+$/, ''));
        const isNumber = box.classList.contains('td-control-number');
        if (isNumber && (!text || !Number.isFinite(number))) return;  /* what is wrong with it is said after the pause, as ever */
        window.dash_clientside.set_props(JSON.parse(input.id), {value: isNumber ? number : input.value});
    }

    document.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) send(event.target); });
    document.addEventListener('change', (event) => send(event.target));
})();
