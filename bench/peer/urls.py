"""The peer's addresses: viewflow's own, for its flow."""

from django.urls import path
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

from bench.peer.flows import PeerFlow

site = Site(title="Peer", viewsets=[FlowAppViewset(PeerFlow)])
urlpatterns = [path("", site.urls)]
