"""The table of parcels."""

import sqlalchemy as sa
from alembic import op

revision = "r1"
down_revision = None


def upgrade():
    op.create_table("parcel", sa.Column("id", sa.Integer, primary_key=True), schema="registry")


def downgrade():
    op.drop_table("parcel", schema="registry")
