/* Number fields: arrow keys that go by factors, and numbers written with a power of ten, which the field itself would
   read as something else (of 1e-3 it would keep 1-3). */
(function () {
    'use strict';
    const app = (window.topodash = window.topodash || {});
    const POWER = /^\s*([-+]?(?:\d+\.?\d*|\.\d+))e([-+]?\d+)\s*$/i;
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;

    const isNumber = (input) => input instanceof HTMLInputElement && input.classList.contains('mantine-NumberInput-input');

    /* React hears a change only when the value is set past its own setter. */
    function write(input, text) {
        setter.call(input, text);
        input.dispatchEvent(new Event('input', {bubbles: true}));
    }

    /* 1e-3 as 0.001: digits only; null where it is no such number. */
    app.writtenOut = function (text) {
        const found = POWER.exec(text), value = found ? Number(found[0]) : NaN;
        if (!Number.isFinite(value)) return null;
        return value.toLocaleString('en', {useGrouping: false, maximumFractionDigits: 20});
    };

    /* 1, 2, 5, 10, ...: the next such number above or below. */
    app.nextNice = function (value, up) {
        if (!(value > 0)) return up ? 1e-6 : value;
        const decade = Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        const steps = [0.5, 1, 2, 5, 10].map((digit) => Number((digit * decade).toPrecision(3)));
        return up
            ? steps.find((step) => step > value * (1 + 1e-9))
            : steps.reverse().find((step) => step < value * (1 - 1e-9));
    };

    document.addEventListener('keydown', (event) => {
        const input = event.target;
        if (!isNumber(input) || event.ctrlKey || event.metaKey || event.altKey) return;
        if (input.dataset.log && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
            event.preventDefault();
            event.stopPropagation();
            write(input, String(app.nextNice(parseFloat(input.value), event.key === 'ArrowUp')));
            return;
        }
        const before = input._topodashPower;
        input._topodashPower = null;
        if (/^e$/i.test(event.key) && /\d/.test(input.value)) input._topodashPower = parseFloat(input.value) + 'e';
        else if (before && (/^\d$/.test(event.key) || (/^[-+]$/.test(event.key) && before.endsWith('e')))) {
            input._topodashPower = before + event.key;
        } else return;
        event.preventDefault();
        event.stopPropagation();
        const text = app.writtenOut(input._topodashPower);
        if (text !== null) write(input, text);
    }, true);

    /* What is pasted or dropped, before the field reads it. */
    document.addEventListener('input', (event) => {
        if (!isNumber(event.target)) return;
        const text = app.writtenOut(event.target.value);
        if (text !== null) setter.call(event.target, text);
    }, true);
})();
