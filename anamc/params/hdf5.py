"""
Parameters in HDF5; the only file that knows h5py.

`params` (rank 1, float32 or float64) is what counts. Beside it `save_params` writes the model
hash and one group a layer, `layer_<block id>_<index>`, with W (`in x out`), b, scale and shift
as views of `params` (virtual datasets, no copy) and its sizes as attributes. Text of the user
stands in attributes only. Reading follows no soft or external link, no virtual dataset and no
external storage, so nothing outside the file is ever read.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import h5py
import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from anamc.errors import AnamcWarning, FileError, ParamsError, Place, shown
from anamc.params.initializers import float_dtype
from anamc.params.layout import Layer, Layout
from anamc.params.named import Named, NamedParam, check_named, check_names

DATASET = "params"
HASH = "model_hash"
FORMAT = "anamc-params"
VERSION = 1
ORDER = "layers in order; in each W (in x out, row-major), b, and with layer_norm scale, shift"

NAMED_ORDER = "one dataset a param of the program, by its name"

Vector = NDArray[np.float32 | np.float64]
T = TypeVar("T")


def load_params(path: str | os.PathLike[str], layout: Layout, dtype: DTypeLike | None = None) -> Vector:
    """
    The parameter vector in a file, in the file's float type or in `dtype`.

    Raises FileError A0601 for a file that cannot be read, and ParamsError: A0405 wrong `dtype`, A0406 not
    HDF5 or damaged, A0407 no dataset, A0408 a link or data outside the file, A0409 wrong type, A0410 wrong
    rank, A0411 wrong length, A0412 parameters of another model. Numbers that are not finite give a warning.
    """
    target = None if dtype is None else float_dtype(dtype)
    place = Place(file=os.fspath(path))
    with _opened(path, place) as stream:
        values = _guarded(place, lambda: _read(stream, layout, place))
    if target is not None:
        with np.errstate(over="ignore"):  # an overflow becomes infinite, which the warning counts
            values = values.astype(target, copy=False)
    _warn_of_non_finite(values, place)
    return values


def save_params(path: str | os.PathLike[str], layout: Layout, values: ArrayLike) -> None:
    """
    Writes a parameter vector; the file is whole or not there, and the same input gives the same bytes.

    Raises ParamsError A0409 wrong type, A0410 wrong rank, A0411 wrong length, and FileError A0602
    where the file cannot be written.
    """
    vector = np.asarray(values)
    place = Place(path="parameters to save")
    _check(layout, vector.dtype, vector.shape, place)
    _warn_of_non_finite(vector, place)
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        _write(file, layout, np.ascontiguousarray(vector, vector.dtype.newbyteorder("<")))
    _publish(path, image)


def load_named(path: str | os.PathLike[str], params: Sequence[NamedParam], dtype: DTypeLike | None = None) -> Named:
    """The parameters of an index program in a file, by name; errors as `load_params` and `check_named`."""
    target = None if dtype is None else float_dtype(dtype)
    place = Place(file=os.fspath(path))
    with _opened(path, place) as stream:
        found = _guarded(place, lambda: _read_named(stream, params, place))
    for name, values in found.items():
        if target is not None:
            with np.errstate(over="ignore"):  # an overflow becomes infinite, which the warning counts
                found[name] = values.astype(target, copy=False)
        _warn_of_non_finite(found[name], place)
    return found


def save_named(path: str | os.PathLike[str], params: Sequence[NamedParam], values: Mapping[str, ArrayLike]) -> None:
    """Writes the parameters of an index program, whole or not at all; errors as `save_params` and `check_named`."""
    arrays = {name: np.asarray(value) for name, value in values.items()}
    check_named(params, arrays)
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs.update({"format": FORMAT, "version": VERSION, "layout": NAMED_ORDER})
        group = file.create_group(DATASET)
        for param in params:
            if not param.name.isidentifier():
                raise ParamsError("A0414", f"'{shown(param.name)}' cannot name a dataset; only identifiers can")
            array = arrays[param.name]
            _warn_of_non_finite(array, Place(path=f"param '{shown(param.name)}'"))
            group.create_dataset(param.name, data=np.ascontiguousarray(array, array.dtype.newbyteorder("<")))
    _publish(path, image)


def _read_named(stream: io.BufferedReader, params: Sequence[NamedParam], place: Place) -> Named:
    with h5py.File(stream, "r") as file:
        link = file.get(DATASET, getlink=True)
        if not isinstance(link, h5py.HardLink) or not isinstance(group := file[DATASET], h5py.Group):
            help = "a flat vector belongs to a block graph"
            raise ParamsError("A0407", f"the file has no group '{DATASET}'", place=place, help=help)
        check_names(params, list(group), place)
        datasets = {p.name: _dataset(group, place, p.name) for p in params}
        check_named(params, datasets, place)
        return {name: d[...].astype(d.dtype.newbyteorder("="), copy=False) for name, d in datasets.items()}


def _publish(path: str | os.PathLike[str], image: io.BytesIO) -> None:
    try:
        _replace(Path(path), image.getvalue())
    except OSError as error:
        place = Place(file=os.fspath(path))
        raise FileError("A0602", "cannot write the file", place=place, why=shown(error.strerror)) from error


def _opened(path: str | os.PathLike[str], place: Place) -> io.BufferedReader:
    try:
        return open(path, "rb")
    except OSError as error:
        raise FileError("A0601", "cannot read the file", place=place, why=shown(error.strerror)) from error


def _guarded(place: Place, read: Callable[[], T]) -> T:
    """What `read` returns; what h5py says of a file that is no HDF5 file, or a damaged one, is an A0406."""
    try:
        return read()
    except ParamsError:
        raise
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        what = "the file is not an HDF5 file, or it is damaged"
        raise ParamsError("A0406", what, place=place, why=shown(error)) from error


def _read(stream: io.BufferedReader, layout: Layout, place: Place) -> Vector:
    with h5py.File(stream, "r") as file:
        dataset = _dataset(file, place)
        _check(layout, dataset.dtype, dataset.shape, place, file.attrs.get(HASH))
        values = np.empty(layout.count, dataset.dtype.newbyteorder("="))
        dataset.read_direct(values)
        return values


def _dataset(file: Any, place: Place, name: str = DATASET) -> Any:
    """The dataset `params`, or of another name, if it lies in this file."""
    link = file.get(name, getlink=True)
    if link is None:
        names = ", ".join(shown(each) for each in list(file)[:10]) or "nothing"
        why = f"the file holds {names}"
        raise ParamsError("A0407", f"the file has no dataset '{shown(name)}'", place=place, why=why)
    if not isinstance(link, h5py.HardLink):
        why = f"'{shown(name)}' is a {type(link).__name__}; links are not followed"
        raise ParamsError("A0408", "the parameters do not lie in the file", place=place, why=why)
    dataset = file[name]
    if not isinstance(dataset, h5py.Dataset):
        why = f"'{shown(name)}' is a {type(dataset).__name__.lower()}"
        raise ParamsError("A0407", f"the file has no dataset '{shown(name)}'", place=place, why=why)
    if dataset.is_virtual or dataset.external:
        why = f"'{shown(name)}' is a virtual dataset or has external storage, which are not followed"
        raise ParamsError("A0408", "the parameters do not lie in the file", place=place, why=why)
    return dataset


def _check(
    layout: Layout, dtype: np.dtype[Any], shape: tuple[int, ...] | None, place: Place, model_hash: object = None
) -> None:
    """Type, rank, length, hash, in this order; a file without a hash may be anybody's."""
    if dtype.newbyteorder("=") not in (np.float32, np.float64):
        why = f"expected float32 or float64, got {shown(dtype)}"
        raise ParamsError("A0409", "the parameters have the wrong type", place=place, why=why)
    if shape is None or len(shape) != 1:
        got = "no shape" if shape is None else f"rank {len(shape)}, shape {shape}"
        why = f"expected rank 1, length {layout.count}, got {got}"
        raise ParamsError("A0410", "the parameters have the wrong rank", place=place, why=why)
    if shape[0] != layout.count:
        why = f"the model has {layout.count} parameters, got {shape[0]}"
        raise ParamsError("A0411", "wrong number of parameters", place=place, why=why)
    text = model_hash.decode(errors="replace") if isinstance(model_hash, bytes) else str(model_hash)
    if model_hash is not None and text != layout.model_hash:
        why = f"the model's hash is {layout.model_hash}\nthe file's hash is  {shown(text)}"
        hint = f"the widths agree but not the layers; delete the attribute '{HASH}' of the file if this is meant"
        raise ParamsError("A0412", "the parameters belong to another model", place=place, why=why, help=hint)


def _warn_of_non_finite(values: NDArray[Any], place: Place) -> None:
    count = int(values.size - np.count_nonzero(np.isfinite(values)))
    if count:
        text = f"{place}: {count} of {values.size} parameters are not finite (NaN or infinity)"
        warnings.warn(text, AnamcWarning, stacklevel=3)


def _write(file: Any, layout: Layout, values: NDArray[Any]) -> None:
    file.create_dataset(DATASET, data=values)
    file.attrs.update({"format": FORMAT, "version": VERSION, "layout": ORDER, HASH: layout.model_hash})
    file.attrs["count"] = layout.count
    for layer in layout.layers:
        group = file.create_group(f"layer_{layer.block_id:03d}_{layer.index}")
        _write_layer(group, layer, layout.count, values.dtype)


def _write_layer(group: Any, layer: Layer, count: int, dtype: np.dtype[Any]) -> None:
    attributes = {
        "sizes": np.array([layer.inputs, layer.outputs], "<i8"),
        "offset": layer.offset,
        "activation": shown(layer.activation),
        "layer_norm": layer.norm,
        "block": layer.block_id,
        "name": shown(layer.encoder),
    }
    group.attrs.update(attributes)
    source = h5py.VirtualSource(".", f"/{DATASET}", shape=(count,), dtype=dtype)
    for entry in layer.entries:
        view = h5py.VirtualLayout(shape=entry.shape, dtype=dtype)
        view[...] = source[entry.offset : entry.stop]
        group.create_virtual_dataset(entry.kind, view)


def _replace(path: Path, data: bytes) -> None:
    """Writes beside the file, then takes its place in one step; a link's target is replaced, not the link."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise OSError(None, "it is not a regular file")
    temporary = target.with_name(f".anamc-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
