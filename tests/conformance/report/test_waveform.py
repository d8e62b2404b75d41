"""The drawings of sounds and samples."""

import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from hamsa_conformance.report.waveform import HEIGHT, STRIP_WIDTH, WIDTH, strip, waveform
from tests.conformance.report.wire import sound

SOUND = sound(3.6)


def bars(svg: str) -> list[tuple[float, float, float]]:
    """The place, the top and the height of each bar."""
    path = fromstring(svg).findall("path")[-1].get("d", "")
    return [
        (float(x), float(top), float(height)) for x, top, height in re.findall(r"M([\d.]+) ([\d.]+)v([\d.]+)", path)
    ]


def test_each_peak_is_a_bar_around_the_middle() -> None:
    drawn = bars(waveform(replace(SOUND, peaks=(0.5, 1.0))))
    assert [x for x, *_ in drawn] == [WIDTH / 4, WIDTH * 3 / 4]
    assert all(top + height / 2 == pytest.approx(HEIGHT / 2, abs=0.2) for _, top, height in drawn)
    assert drawn[1][2] == pytest.approx(2 * drawn[0][2], abs=0.2)
    assert drawn[1][2] <= HEIGHT


@pytest.mark.parametrize("peaks", [(), (0.0, 0.0)])
def test_silence_has_no_bar(peaks: tuple[float, ...]) -> None:
    assert bars(waveform(replace(SOUND, peaks=peaks))) == []


def test_drawing_of_a_sound_stays_small() -> None:
    assert len(waveform(SOUND)) < 4000


def test_samples_lie_between_the_least_and_the_greatest() -> None:
    path = fromstring(strip([0.1, 0.3, 0.2])).find("path")
    assert path is not None
    assert re.findall(r"M([\d.]+) ", path.get("d", "")) == ["2", f"{STRIP_WIDTH / 2:.4g}", f"{STRIP_WIDTH - 2}"]


def test_equal_samples_are_one_line() -> None:
    path = fromstring(strip([5, 6, 5])).find("path")
    assert path is not None
    assert path.get("d", "").count("M") == 2
