/* Controls that pages share. A number or a text is sent when typing pauses. Who presses Enter or leaves the field has finished, and does not wait for the
   pause. A script that can act on a control by itself hears of it first, by the event `topodash:control` ({id, value}): Dash looks
   at every component of the page when a property changes. It then calls preventDefault(), and Dash is told a moment later. */
(function () {
    'use strict';
    const field = (target) => (target instanceof HTMLInputElement && target.id.startsWith('{') ? target.closest('.td-control-number, .td-control-text') : null);

    function send(input) {
        const box = field(input);
        if (!box) return;
        const text = input.value.trim(), number = Number(text.replace(/\s*[^\d.eE+-]+$/, ''));
        const isNumber = box.classList.contains('td-control-number');
        if (isNumber && (!text || !Number.isFinite(number))) return;  /* what is wrong with it is said after the pause, as ever */
        const detail = {id: JSON.parse(input.id), value: isNumber ? number : input.value};
        const tell = () => { if (input.isConnected) window.dash_clientside.set_props(detail.id, {value: detail.value}); };
        if (document.dispatchEvent(new CustomEvent('topodash:control', {detail: detail, cancelable: true}))) tell();
        else requestAnimationFrame(() => setTimeout(tell, 0));
    }

    document.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) send(event.target); });
    document.addEventListener('change', (event) => send(event.target));

    /* A timeline moves by a tenth of its length with PageUp and PageDown, as a slider of the browser's own does. Where it stands is asked
       of Dash: what the slider shows comes later, and a second press would start from where the first one did. */
    document.addEventListener('keydown', (event) => {
        const way = {PageUp: 1, PageDown: -1}[event.key], thumb = way && event.target.closest && event.target.closest('.td-timeline [role=slider]');
        const root = thumb && thumb.closest('[id^="{"]'), id = root && JSON.parse(root.id);
        const slider = id && window.dash_component_api.getLayout(id);
        if (!slider || slider.props.disabled) return;
        event.preventDefault();
        const {value: now, min: low, max: high} = slider.props;
        const value = Math.min(high, Math.max(low, now + way * Math.max(1, Math.round((high - low) / 10))));
        if (value !== now) window.dash_clientside.set_props(id, {value: value});
    });
})();
