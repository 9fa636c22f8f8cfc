"""Static files with hashed names."""

import re
from collections.abc import Callable

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hash the imports inside our ES modules too, or a hashed page would import unhashed ones."""

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """Return what rewrites one address found in the file ``name``.

        Libraries' scripts are left as they are: htmx names types in comments that look like
        imports of files which aren't there.
        """
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda found: found["matched"]
        convert: Callable[[re.Match[str]], str] = super().url_converter(
            name, hashed_files, template
        )
        return convert
