"""Signing in: the few of allauth's views we use, under German addresses. Everything else of allauth stays unreachable.

allauth finds its way by these names. The two names of the first page are one page: we know no password.
"""

from allauth.account import views
from django.http import HttpRequest, HttpResponseBase
from django.urls import path


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """As allauth does it; what forms kept in this browser goes too, since the computer may be a shared one."""
    response: HttpResponseBase = views.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


urlpatterns = [
    path("", views.request_login_code, name="account_login"),
    path("", views.request_login_code, name="account_request_login_code"),
    path("code/", views.confirm_login_code, name="account_confirm_login_code"),
    path("abmelden/", sign_out, name="account_logout"),
    path("gesperrt/", views.account_inactive, name="account_inactive"),
]
