"""Sounds and samples as drawings."""

from collections.abc import Sequence

from hamsa_conformance.report.markup import escaped, number
from hamsa_conformance.result import Sound

WIDTH, HEIGHT = 800, 72
STRIP_WIDTH, STRIP_HEIGHT = 240, 16


def waveform(sound: Sound) -> str:
    """An SVG of the peaks, mirrored at the middle; silence is a line."""
    step = WIDTH / max(len(sound.peaks), 1)
    middle = HEIGHT // 2
    bars = "".join(
        _bar(index * step + step / 2, round(peak * (middle - 2), 1)) for index, peak in enumerate(sound.peaks)
    )
    label = escaped(f"The audio's loudness over {number(sound.seconds)} seconds")
    return (
        f'<svg class="wave" role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<path class="zero" d="M0 {middle}H{WIDTH}"/><path stroke-width="{step * 0.7:.3g}" d="{bars}"/></svg>'
    )


def strip(samples: Sequence[float]) -> str:
    """An SVG with a line for each sample, between the least and the greatest, which are not the same."""
    low, high = min(samples), max(samples)
    at = sorted({2 + (STRIP_WIDTH - 4) * (sample - low) / (high - low) for sample in samples})
    lines = "".join(f"M{x:.4g} 2v{STRIP_HEIGHT - 4}" for x in at)
    size = f'viewBox="0 0 {STRIP_WIDTH} {STRIP_HEIGHT}" width="{STRIP_WIDTH}" height="{STRIP_HEIGHT}"'
    return f'<svg class="strip" aria-hidden="true" {size}><path d="{lines}"/></svg>'


def _bar(x: float, half: float) -> str:
    top = HEIGHT / 2 - half
    return f"M{x:.4g} {top:.4g}v{2 * half:.3g}" if half else ""
