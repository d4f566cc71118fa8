"""The few functions of scipy.stats that pokebench calls."""

from typing import Any, Protocol

import numpy.typing as npt

class _Distribution(Protocol):
    def ppf(self, q: float, *args: float, **kwargs: float) -> Any: ...
    def cdf(self, x: Any, *args: float, **kwargs: float) -> Any: ...
    def sf(self, x: Any, *args: float, **kwargs: float) -> Any: ...

t: _Distribution
norm: _Distribution
chi2: _Distribution

class CensoredData:
    @classmethod
    def right_censored(cls, x: npt.ArrayLike, censored: npt.ArrayLike) -> CensoredData: ...

class _Test(Protocol):
    statistic: float
    pvalue: float

def logrank(x: CensoredData, y: CensoredData) -> _Test: ...

class _Proportion(Protocol):
    low: float
    high: float

class _BinomTest(Protocol):
    def proportion_ci(self, confidence_level: float = ..., method: str = ...) -> _Proportion: ...

def binomtest(k: int, n: int) -> _BinomTest: ...

class _Slope(Protocol):
    slope: float
    intercept: float
    low_slope: float
    high_slope: float

def theilslopes(y: npt.ArrayLike, x: npt.ArrayLike, alpha: float = ...) -> _Slope: ...
def spearmanr(a: npt.ArrayLike, b: npt.ArrayLike) -> _Test: ...

class _Line(Protocol):
    slope: float
    intercept: float
    stderr: float

def linregress(x: npt.ArrayLike, y: npt.ArrayLike) -> _Line: ...
def trim_mean(a: npt.ArrayLike, proportiontocut: float, axis: int | None = ...) -> Any: ...
def ecdf(sample: Any) -> Any: ...
