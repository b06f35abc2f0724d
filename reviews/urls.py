from django.urls import path
from django.views.generic import RedirectView
app_name = "reviews"
urlpatterns = [path("fact-checks/<slug:slug>/", RedirectView.as_view(url="/"), name="public_claim")]
