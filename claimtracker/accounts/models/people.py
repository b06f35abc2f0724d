"""People, desks and who does what at which desk."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Creates people; the e-mail address is the sign-in name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. ``name`` is what colleagues and readers see; ``languages`` (ISO codes) those of
    articles that he or she checks, all when there are none."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    languages = ArrayField(models.CharField(max_length=10), default=list, db_default=[], blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("Write a time zone by its name, such as Europe/Berlin."), code="time_zone")


class Desk(models.Model):
    """A group that checks a field of claims. Exactly one is the default, where unmatched claims go. Its
    deadlines count by ``time_zone``, its working hours and its days off. One that was closed gets no work any
    more: all that would come to it goes to ``closed_into``."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    time_zone = models.CharField(
        max_length=64, default="UTC", db_default="UTC", validators=[validate_time_zone]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="took_over"
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_desk"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(is_default=False),
                name="the_default_desk_is_open",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_into__isnull=True)
                | models.Q(closed_at__isnull=False, closed_into__isnull=False)
                & ~models.Q(closed_into=models.F("id")),
                name="a_closed_desk_has_another_for_its_work",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    REPORTER = "reporter", _("Reporter")
    CHECKER = "checker", _("Checker")
    EDITOR = "editor", _("Editor")
    LEAD = "lead", _("Lead")
    MODERATOR = "moderator", _("Moderator")


class Membership(models.Model):
    """One person's role at one desk, and how many of its tasks he or she has in hand at most (``capacity``;
    no limit when it is empty)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["desk__name", "user__name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "desk"], name="one_role_per_person_and_desk"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.desk} · {self.role}"
