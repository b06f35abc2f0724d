"""From the trained network to the file that ships: ONNX, its weights as 8-bit integers."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import torch

from bench.training.network import ClaimReader, base_folder
from claims.extraction.encoder.runtime import MODEL_FILE

INPUTS = ("ids", "mask", "sentence", "sentences")
OUTPUTS = ("worth", "news", "tags", "spans", "links", "voices")


def export(reader: ClaimReader, folder: Path, *, int8: bool = True) -> Path:
    """Write the model and its word pieces into `folder`; give back the model's path."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    reader.eval()  # the exporter keeps dropout as it finds it
    ids = torch.randint(1_000, 20_000, (3, 17))
    sentence = torch.zeros((3, 17), dtype=torch.int64)
    sentence[:, 9:] = 1
    example = (ids, torch.ones_like(ids), sentence, torch.arange(2))
    batch, tokens, sentences = torch.export.Dim("batch"), torch.export.Dim("tokens"), torch.export.Dim("many")
    wide = {0: batch, 1: tokens}
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            reader,
            example,
            str(whole),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_shapes=(wide, wide, wide, {0: sentences}),
            external_data=False,
            dynamo=True,
        )
        target = folder / MODEL_FILE
        if int8:
            quantize_dynamic(str(whole), str(target), weight_type=QuantType.QInt8, per_channel=True)
        else:
            shutil.copyfile(whole, target)
    write_word_pieces(folder)
    return target


def write_word_pieces(folder: Path) -> None:
    """The tokenizer without the padding and cutting that the base package set for itself."""
    found = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    found["padding"] = found["truncation"] = None
    (folder / "tokenizer.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
