"""How much memory this process has had."""

from pathlib import Path


def peak_mib() -> float:
    """Return the most that was resident since the program started, in MiB (Linux).

    ``ru_maxrss`` would count the process that started this one, too: what it held when it did.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    size = next(line for line in lines if line.startswith("VmHWM:"))
    return int(size.split()[1]) / 1024
