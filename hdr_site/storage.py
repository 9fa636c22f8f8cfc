"""Static files with hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hash the imports inside ES modules too, or a hashed page would import unhashed modules."""

    support_js_module_import_aggregation = True
