"""The policies of the object store as documents; what a store makes of them: tests/integration/test_access_policies.py."""

from __future__ import annotations

import pytest

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.errors import UsageError
from nuanliu.operations.upkeep.policies import policy_documents


def test_every_union_that_may_drop_files_has_a_policy_and_the_province_has_none() -> None:
    names = {name.removeprefix("union-") for name in policy_documents("s3://nuanliu") if name.startswith("union-")}
    assert names == {union.id for union in codes().unions.list} - {PROVINCE}


def test_a_union_lists_its_own_receipts_only() -> None:
    """The test server does not look at conditions, so this is held by the document alone."""
    statements = {each["Sid"]: each for each in policy_documents("s3://b/root")["union-620400"]["Statement"]}
    assert statements["List"] == {
        "Sid": "List",
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": ["arn:aws:s3:::b"],
        "Condition": {"StringLike": {"s3:prefix": ["root/receipts/620400/*"]}},
    }
    assert statements["Write"]["Resource"] == ["arn:aws:s3:::b/root/intake/620400/*"]
    assert set(statements) == {"Write", "Read", "List"}


def test_quarantine_has_a_policy_of_its_own() -> None:
    (read, listed) = policy_documents("s3://b")["quarantine"]["Statement"]
    assert read["Resource"] == ["arn:aws:s3:::b/quarantine/*"]
    assert listed["Condition"]["StringLike"]["s3:prefix"] == ["quarantine/*"]


def test_only_the_pipeline_deletes_and_only_what_waits() -> None:
    deleting = {
        name: statement["Resource"]
        for name, document in policy_documents("s3://b").items()
        for statement in document["Statement"]
        if "s3:DeleteObject" in statement["Action"]
    }
    assert deleting == {"pipeline": ["arn:aws:s3:::b/intake/*"]}


def test_with_retention_the_pipeline_alone_deletes_more_and_never_an_edition() -> None:
    plain, more = policy_documents("s3://b"), policy_documents("s3://b", retention=True)
    assert {name for name in more if more[name] != plain[name]} == {"pipeline"}
    changed = [new["Resource"] for old, new in zip(plain["pipeline"]["Statement"], more["pipeline"]["Statement"], strict=True)
               if old != new]  # fmt: skip
    assert changed == [[f"arn:aws:s3:::b/{folder}/*" for folder in ("intake", "archive", "quarantine", "receipts")]]


def test_a_folder_has_no_policies() -> None:
    with pytest.raises(UsageError, match="--bucket"):
        policy_documents("file:///var/bucket")
