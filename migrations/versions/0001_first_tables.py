"""The first tables: events, touches, decisions, customers, what people write, and keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Instants are microseconds since 1970; JSON is text. SQLite numbers rows only in an INTEGER column.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("last_used_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("key_id", name="pk_api_keys"),
        sa.UniqueConstraint("digest", name="uq_api_keys_digest"),
    )
    op.create_table(
        "assets",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mimetype", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_assets"),
    )
    op.create_table(
        "blocks",
        sa.Column("block_id", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer()),
        sa.Column("is_recalled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("block_id", name="pk_blocks"),
    )
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customers"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("stream", sa.String(length=200), nullable=False),
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("customer_id", sa.String(length=200)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "entry_id", name="pk_dead_letters"),
    )
    op.create_index("ix_dead_letters_customer_id", "dead_letters", ["customer_id"])
    op.create_table(
        "decisions",
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("touch_id", sa.String(length=200)),
        sa.Column("message_id", sa.String(length=200)),
        sa.Column("channel", sa.String(length=64)),
        sa.Column("category", sa.String(length=200)),
        sa.Column("class", sa.String(length=64)),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("rule_id", sa.String(length=200)),
        sa.Column("next_free_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("event_id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_at", "decisions", ["at"])
    op.create_index("ix_decisions_customer_id", "decisions", ["customer_id", "at"])
    op.create_table(
        "erasures",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_erasures"),
    )
    op.create_index("ix_erasures_erased_at", "erasures", ["erased_at"])
    op.create_table(
        "events",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.String(length=200)),
        sa.Column("touch_id", sa.String(length=200)),
        sa.Column("message_id", sa.String(length=200)),
        sa.Column("block_id", sa.String(length=200)),
        sa.Column("variant", sa.String(length=200)),
        sa.Column("why", sa.String(length=200)),
        sa.Column("opener_class", sa.String(length=64)),
        sa.Column("opener_certainty", sa.String(length=64)),
        sa.Column("opener_reason", sa.String(length=200)),
        sa.Column("url", sa.Text()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("event_id", name="uq_events_event_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_block_id", "events", ["block_id", "seq"])
    op.create_index("ix_events_customer_id_at", "events", ["customer_id", "at", "seq"])
    op.create_index("ix_events_message_id", "events", ["message_id", "seq"])
    op.create_table(
        "messages",
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_messages"),
    )
    op.create_table(
        "policies",
        sa.Column("policy_id", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer()),
        sa.Column("is_recalled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", name="pk_policies"),
    )
    op.create_table(
        "suppressions",
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("suppression_id", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("lifted_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("customer_id", "suppression_id", name="pk_suppressions"),
    )
    op.create_index("ix_suppressions_since", "suppressions", ["since"])
    op.create_table(
        "touches",
        sa.Column("touch_id", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=200)),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=64)),
        sa.Column("category", sa.String(length=200)),
        sa.Column("class", sa.String(length=64)),
        sa.Column("topic", sa.String(length=200)),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("campaign", sa.String(length=200)),
        sa.Column("dispatch_id", sa.String(length=200)),
        sa.Column("reservation_id", sa.String(length=200)),
        sa.Column("reserved_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("is_unreserved", sa.Boolean(), nullable=False),
        sa.Column("is_over_cap", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("touch_id", name="pk_touches"),
    )
    op.create_index("ix_touches_customer_id", "touches", ["customer_id", "sent_at"])
    op.create_index("ix_touches_message_id", "touches", ["message_id", "state"])
    op.create_table(
        "block_versions",
        sa.Column("block_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_id"], ["blocks.block_id"], name="fk_block_versions_block_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("block_id", "version", name="pk_block_versions"),
    )
    op.create_table(
        "links",
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.message_id"], name="fk_links_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "number", name="pk_links"),
        sa.UniqueConstraint("message_id", "url_digest", name="uq_links_message_id_url_digest"),
    )
    op.create_table(
        "policy_versions",
        sa.Column("policy_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.policy_id"], name="fk_policy_versions_policy_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("policy_id", "version", name="pk_policy_versions"),
    )


def downgrade() -> None:
    """Drop every table."""

    op.drop_table("policy_versions")
    op.drop_table("links")
    op.drop_table("block_versions")
    op.drop_index("ix_touches_message_id", table_name="touches")
    op.drop_index("ix_touches_customer_id", table_name="touches")
    op.drop_table("touches")
    op.drop_index("ix_suppressions_since", table_name="suppressions")
    op.drop_table("suppressions")
    op.drop_table("policies")
    op.drop_table("messages")
    op.drop_index("ix_events_message_id", table_name="events")
    op.drop_index("ix_events_customer_id_at", table_name="events")
    op.drop_index("ix_events_block_id", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_erasures_erased_at", table_name="erasures")
    op.drop_table("erasures")
    op.drop_index("ix_decisions_customer_id", table_name="decisions")
    op.drop_index("ix_decisions_at", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_dead_letters_customer_id", table_name="dead_letters")
    op.drop_table("dead_letters")
    op.drop_table("customers")
    op.drop_table("blocks")
    op.drop_table("assets")
    op.drop_table("api_keys")
