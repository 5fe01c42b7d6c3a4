"""A project of QGIS with the table `places` in it, offered as features: host, port, file."""
import sys

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsDataSourceUri, QgsProject, QgsVectorLayer

host, port, file = sys.argv[1:4]
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()

uri = QgsDataSourceUri()
uri.setConnection(host, port, "peer", "postgres", "")
uri.setDataSource("public", "places", "geom", "", "fid")
uri.setSrid("4326")
uri.setUseEstimatedMetadata(True)
layer = QgsVectorLayer(uri.uri(False), "places", "postgres")
if not layer.isValid():
    sys.exit(f"QGIS does not read the table places: {layer.error().message()}")

project = QgsProject.instance()
project.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
project.addMapLayer(layer)
project.writeEntry("WFSLayers", "/", [layer.id()])
if not project.write(file):
    sys.exit(f"QGIS does not write {file}")
application.exitQgis()
