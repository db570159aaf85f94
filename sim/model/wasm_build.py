"""Build the rules as one WebAssembly module and its layout: the file that knows the toolchain, for who develops Baton.

python -m sim.model.wasm_build            writes sim/page/static/rules.wasm and rules.json anew
python -m sim.model.wasm_build --check    builds, and compares with what is there byte by byte

numba writes every rule down for LLVM and goes no further; LLVM, told of another machine, makes one object of them, and
`wasm-ld` a module. It needs nothing from outside: no function, no library. Sums and products are IEEE 754's, as on any
machine, and exp, log and power are rules (`sim.model.arithmetic`), so the module has the bits that compiled and plain
rules have.

The linker is Debian's package `lld`, or the one within PyPI's `ziglang`. Another version of numba or LLVM makes other
bytes that live the same days: the layout says by which ones it was made.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core import codegen, cpu

from sim.errors import InputError
from sim.model import kernel
from sim.model.wasm import LAYOUT, WASM

COMMAND = "python -m sim.model.wasm_build"
MACHINE = "wasm32-unknown-unknown"
STACK = 1 << 20  # bytes of the module's own memory in front of everything else
LINK = ("--no-entry", "--gc-sections", "--strip-all", "--stack-first", "-z", f"stack-size={STACK}")
# The only function that numba takes from C's library is one that every machine has as an instruction.
ROOT = """
declare double @llvm.sqrt.f64(double)
define double @sqrt(double %x) {
  %root = call double @llvm.sqrt.f64(double %x)
  ret double %root
}
"""


@contextlib.contextmanager
def written_down() -> Iterator[list[str]]:
    """While this lasts, numba writes rules down for LLVM, unoptimized, and makes nothing that could be run here.

    Gives the texts, one more with each rule. Whoever imported a rule before has one that is not among them.
    """
    if "sim.model.arithmetic" in sys.modules:  # what every rule stands on
        raise RuntimeError("rules were imported before: build in a process of its own")
    texts: list[str] = []

    def keep(library, module) -> None:
        texts.append(str(module))

    def finish(library) -> None:
        library._finalized = True

    def nothing(context, library, described, environment):
        return [].append  # what numba keeps a rule under: built in, and another one each time

    patched = [(codegen.CPUCodeLibrary, "add_ir_module", keep), (codegen.CPUCodeLibrary, "finalize", finish),
               (cpu.CPUContext, "get_executable", nothing), (kernel, "CACHE", None)]  # fmt: skip
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in patched]
    for owner, name, other in patched:
        setattr(owner, name, other)
    try:
        yield texts
    finally:
        for owner, name, old in before:
            setattr(owner, name, old)


def symbol_of(rule, arguments: tuple) -> tuple[str, str]:
    """Write a rule down: what it is called in LLVM, and what it gives back ("none" or "int64")."""
    kinds = tuple(numba.typeof(argument) for argument in arguments)
    rule.inside.compile(kinds)
    made = rule.inside.overloads[kinds]
    gives = str(made.signature.return_type)
    if gives not in ("none", "int64"):
        raise InputError(f"{rule.__name__} gives a {gives} back: hosts of the module take whole numbers only")
    return made.fndesc.llvm_func_name, gives


def flat(argument) -> list[str]:
    """The numbers and places as which a rule is given an argument; hosts of the module lay them out in this order."""
    if isinstance(argument, tuple):
        return [each for part in argument for each in flat(part)]
    if isinstance(argument, np.ndarray):  # its owner (two places), items, bytes of one, data, axes, strides
        return ["ptr", "ptr", "i64", "i64", "ptr"] + ["i64"] * 2 * argument.ndim
    if isinstance(argument, np.void):
        return ["ptr"]
    return ["i8" if isinstance(argument, bool) else "double" if isinstance(argument, float) else "i64"]


def door_of(name: str, symbol: str, arguments: tuple) -> str:
    """A rule's door in LLVM's words: it takes the place of a frame, eight bytes for the answer and for each argument.

    So a host writes numbers and places into memory and calls with one number. The door gives 0, or what numba says when
    a rule fails.
    """
    kinds = [each for argument in arguments for each in flat(argument)]
    taken = "".join(
        f"  %place{n} = getelementptr i64, ptr %frame, i32 {n + 1}\n  %value{n} = load {kind}, ptr %place{n}\n"
        for n, kind in enumerate(kinds)
    )
    given = ", ".join(f"{kind} %value{n}" for n, kind in enumerate(kinds))
    return f"""
declare i32 @"{symbol}"(ptr, ptr, {", ".join(kinds)})
define i32 @"{name}"(ptr %frame) {{
  %answer = alloca i64
  %fault = alloca ptr
  store i64 0, ptr %answer
{taken}  %status = call i32 @"{symbol}"(ptr %answer, ptr %fault, {given})
  %found = load i64, ptr %answer
  store i64 %found, ptr %frame
  ret i32 %status
}}
"""


def check_arguments(whole: llvm.ModuleRef, symbol: str, arguments: tuple) -> None:
    """Raises where numba lays arguments out otherwise than it did when the hosts of the module were written."""
    found = [str(argument.type) for argument in whole.get_function(symbol).arguments]
    wanted = ["ptr", "ptr", *(each for argument in arguments for each in flat(argument))]  # what it gives; a fault
    if found != wanted:
        raise InputError(f"numba {numba.__version__} lays the arguments of {symbol} out in another way than is known")


def linked(texts: list[str], machine: llvm.TargetMachine, exported: set[str]) -> llvm.ModuleRef:
    """One LLVM module of all that was written, in which only the exported functions can be seen."""
    layout = str(machine.target_data)
    whole = llvm.parse_assembly(ROOT)
    whole.triple, whole.data_layout = MACHINE, layout
    for text in texts:
        part = llvm.parse_assembly(re.sub(r"^target (triple|datalayout) = .*$", "", text, flags=re.M))
        part.triple, part.data_layout = MACHINE, layout
        for each in (*part.functions, *part.global_variables):
            if not each.is_declaration and each.linkage == llvm.Linkage.external:
                each.linkage = "weak_odr"
        whole.link_in(part)
    for each in (*whole.functions, *whole.global_variables):
        if not each.is_declaration:
            each.linkage = "external" if each.name in exported else "internal"
    return whole


def compiled(whole: llvm.ModuleRef, machine: llvm.TargetMachine) -> bytes:
    """An object file for WebAssembly; no pass that would change bits is among LLVM's usual ones."""
    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(whole, passes)
    whole.verify()
    return machine.emit_object(whole)


def linker() -> list[str]:
    """The command that links WebAssembly; raises InputError where there is none."""
    for name in ("wasm-ld", *(f"wasm-ld-{version}" for version in range(22, 13, -1))):
        if found := shutil.which(name):
            return [found]
    if importlib.util.find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "wasm-ld"]
    raise InputError("there is no wasm-ld: install Debian's package lld, or `pip install ziglang`")


def module_of(made: bytes, names: list[str]) -> bytes:
    """The module that these functions are exported from, beside its memory and the place from which that is free."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "rules.o"), Path(folder, "rules.wasm")
        source.write_bytes(made)
        exports = [f"--export={name}" for name in ("__heap_base", *names)]
        done = subprocess.run([*linker(), *LINK, *exports, source, "-o", target], capture_output=True, text=True)
        if done.returncode:
            raise InputError(f"wasm-ld failed: {done.stderr.strip()}")
        return target.read_bytes()


def build() -> tuple[bytes, str]:
    """The module and its layout, made anew; takes half a minute and no file of the cache."""
    linker()
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(MACHINE).create_target_machine(opt=3)
    with written_down() as texts:
        from sim.model import doors, warm, wasm_layout

        with warm.seldom_swept():
            every = [(door, *symbol_of(door.rule, door.arguments)) for door in doors.every()]
    written = [door_of(door.name, symbol, door.arguments) for door, symbol, _ in every]
    whole = linked([*texts, *written], machine, {door.name for door, _, _ in every})
    for door, symbol, _ in every:
        check_arguments(whole, symbol, door.arguments)
    module = module_of(compiled(whole, machine), [door.name for door, _, _ in every])
    frame = 8 * max(1 + sum(len(flat(each)) for each in door.arguments) for door, _, _ in every)
    made = {"made_by": made_by(), "sha256": hashlib.sha256(module).hexdigest()}
    layout = wasm_layout.layout({door.name: gives for door, _, gives in every}, frame, made)
    return module, wasm_layout.text_of(layout)


def made_by() -> dict[str, str]:
    """The versions that the module's bytes depend on; with others the same days are lived by other bytes."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, "numba": numba.__version__, "llvmlite": llvmlite.__version__}


def main() -> None:
    """Write the module and its layout, or compare them with those that are there."""
    asked = argparse.ArgumentParser(prog=COMMAND, description="Build the rules as one WebAssembly module.")
    asked.add_argument("--check", action="store_true", help="compare with what is there, and write nothing")
    check = asked.parse_args().check
    try:
        module, layout = build()
    except InputError as fault:
        sys.exit(str(fault))
    if check:
        same = (module, layout.encode()) == (WASM.read_bytes(), LAYOUT.read_bytes())
        sys.exit(0 if same else f"{WASM.name} and {LAYOUT.name} are not what is built now: type `{COMMAND}`")
    WASM.write_bytes(module)
    LAYOUT.write_text(layout, encoding="utf-8", newline="\n")
    print(f"{WASM.name}: {len(module):,} bytes; {LAYOUT.name}: {len(layout):,} bytes")


if __name__ == "__main__":
    main()
