"""What passes the gate: peers and their keys, envelopes, deliveries, receipts, attachments."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.units.models import Organisation


class Peer(models.Model):
    """Another unit's node, as its signed card describes it and as a person confirmed by telephone."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Card received, fingerprint not yet compared")
        PAIRED = "paired", _("Paired")
        PAUSED = "paused", _("Paused")
        REMOVED = "removed", _("Removed")

    class Carrier(models.TextChoices):
        HTTPS = "https", _("Line")
        FILE = "file", _("File on a stick")

    unit = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="peer")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    carrier = models.CharField(max_length=8, choices=Carrier, default=Carrier.HTTPS)
    endpoint = models.URLField(max_length=200, blank=True)  # https://host:port of the peers' door
    card = models.TextField()  # the newest accepted card, as signed
    serial = models.PositiveIntegerField(default=0)  # of that card; never goes down
    paired_at = models.DateTimeField(null=True)
    paired_by = models.CharField(max_length=80, blank=True)
    quota = models.BigIntegerField(default=20 * 2**30)  # bytes of attachments this peer may have on our disk
    # What the network board shows; written by the relay and the door.
    last_up_at = models.DateTimeField(null=True)
    last_receipt_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=300, blank=True)
    next_try = models.DateTimeField(null=True)  # the breaker: not before this moment


class PeerKey(models.Model):
    """A public key of a peer. Old ones are kept: what they signed stays proven, what is on its way still opens."""

    class Use(models.TextChoices):
        SEAL = "seal", _("Seals")
        OPEN = "open", _("Opens")
        LOG = "log", _("Signs the journal's head")
        TLS = "tls", _("Line")

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="keys")
    use = models.CharField(max_length=4, choices=Use)
    kid = models.CharField(max_length=64)  # RFC 7638 thumbprint; of a certificate its SHA-256
    key = models.TextField()  # JWK as JSON; PEM for the line
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # replaced then; accepted a little longer for mail on its way

    class Meta:
        constraints = [models.UniqueConstraint(fields=["use", "kid"], name="gate_peerkey_once")]


class Envelope(models.Model):
    """One sealed message. What was signed is kept as evidence; the outer wrapping only until it is delivered."""

    class Way(models.TextChoices):
        IN = "in", _("In")
        OUT = "out", _("Out")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be taken in")
        TAKEN = "taken", _("Taken in")
        REFUSED = "refused", _("Refused")
        SENT = "sent", _("Sent")  # every outgoing one; its deliveries tell the rest

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField(max_length=3, choices=Way)
    id = models.UUIDField()  # UUIDv7, given by the sender; unique per sender
    sender = models.CharField(max_length=60)
    recipients = ArrayField(models.CharField(max_length=60))
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    conversation = models.UUIDField()  # of ours it is looked for by the index of the sequence
    sequence = models.PositiveIntegerField()
    issued = models.DateTimeField()
    expires = models.DateTimeField()
    handling = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    signed = models.TextField()  # the JWS: header, canonical JSON, signature
    digest = models.BinaryField()  # SHA-256 of header and payload of `signed`: what receipts name
    sealed = models.BinaryField(null=True)  # the JWE as it travels; dropped when every recipient has stored it
    at = models.DateTimeField()  # when we made or kept it
    state = models.CharField(max_length=8, choices=State)
    taken_at = models.DateTimeField(null=True)
    next_try = models.DateTimeField(null=True)  # of taking in, when a room said "not yet"
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["way", "sender", "id"], name="gate_envelope_once"),
            models.UniqueConstraint(
                fields=["conversation", "sequence"], name="gate_envelope_sequence", condition=models.Q(way="out")
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="gate_envelope_waiting", condition=models.Q(state="waiting")),
        ]


class Delivery(models.Model):
    """One envelope on its way to one peer. The row is the queue: the relay claims it with a lease."""

    class State(models.TextChoices):
        WAITING = "waiting", _("On its way")
        STORED = "stored", _("Delivered")
        PROCESSED = "processed", _("Taken in")
        REFUSED = "refused", _("Refused by the partner")
        EXPIRED = "expired", _("Not delivered in time")

    # No index of their own: each costs every message, and those below serve.
    envelope = models.ForeignKey(Envelope, models.CASCADE, related_name="deliveries", db_index=False)
    peer = models.ForeignKey(Peer, models.PROTECT, related_name="deliveries", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    code = models.CharField(max_length=40, blank=True)  # why refused
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(null=True)  # as the partner's receipt says
    processed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)  # a person was told that the receipt is late

    class Meta:
        constraints = [models.UniqueConstraint(fields=["envelope", "peer"], name="gate_delivery_once")]
        indexes = [
            models.Index(fields=["peer", "id"], name="gate_delivery_due", condition=models.Q(state="waiting")),
        ]


class Receipt(models.Model):
    """A signed word about one envelope. Ours wait here to be carried back; the partner's are kept as proof."""

    class Kind(models.TextChoices):
        STORED = "stored", _("Delivered")
        PROCESSED = "processed", _("Taken in")
        REFUSED = "refused", _("Refused")
        READ = "read", _("Read")

    way = models.CharField(max_length=3, choices=Envelope.Way)
    # No index of their own here either.
    peer = models.ForeignKey(Peer, models.PROTECT, related_name="receipts", db_index=False)
    envelope = models.ForeignKey(Envelope, models.CASCADE, related_name="receipts", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    signed = models.TextField()
    sent_at = models.DateTimeField(null=True)  # ours: when the peer said it has it
    next_try = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["envelope", "way", "peer", "kind"], name="gate_receipt_once")]
        indexes = [
            models.Index(fields=["peer", "id"], name="gate_receipt_due", condition=models.Q(way="out", sent_at=None)),
        ]


class Attachment(models.Model):
    """A file kept only as its sealed stream; the key stands here and in the signed part of the message."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    envelope = models.ForeignKey(Envelope, models.CASCADE, null=True, related_name="attachments")  # null: a draft's
    order = models.PositiveSmallIntegerField(default=0)  # in the sender's list
    sent_id = models.UUIDField(null=True)  # incoming: the id that the sender gave it, which the body may name
    name = models.CharField(max_length=255)
    media = models.CharField(max_length=100)
    size = models.BigIntegerField()  # of the plain file, bytes
    digest = models.BinaryField()  # SHA-256 of the plain file
    sealed_size = models.BigIntegerField()
    sealed_digest = models.BinaryField(db_index=True)  # SHA-256 of the sealed stream: its address in the store
    key = models.BinaryField()
    arrived = models.BigIntegerField(default=0)  # sealed bytes on our disk, for the progress line
    whole_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)


class BlobDelivery(models.Model):
    """One attachment on its way to one peer, in pieces that can be resumed."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="blobs")
    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="deliveries")
    sent = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    next_try = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "attachment"], name="gate_blobdelivery_once")]
        indexes = [
            models.Index(fields=["next_try"], name="gate_blobdelivery_due", condition=models.Q(done_at=None)),
        ]
