from time import process_time

from corpenv.env import CompanyEnv


def test_people_are_found_by_name_account_role_team_and_address(mini, office):
    env = office(mini.with_person("ann.bee", "Ann Bee", role="clerk", team="Accounts"))
    for query, found in (
        ("IMRE", "imre.sand"), ("workshop lead", "imre.sand"), ("hartwell", "mara.quill"), ("accounts", "ann.bee"),
        ("e.okafor", "dele.okafor"),
    ):  # fmt: skip
        assert [row.split()[0] for row in env.do("find_person", query=query).splitlines()[1:]] == [found]
    assert env.do("find_person", query="zebra") == "Nobody in the directory matches 'zebra'."
    assert len(env.do("find_person").splitlines()) == 1 + 9


def test_a_person_is_shown_with_all_the_directory_knows(mini, office):
    env = office(mini.with_person("ann.bee", "Ann Bee", role="clerk", manager="imre.sand", away="Back on Monday."))
    assert env.do("show_person", person="ann.bee@tallowlane.example").splitlines() == [
        "Ann Bee (ann.bee)",
        "Address: ann.bee@tallowlane.example",
        "Role: clerk",
        "Manager: Imre Sand (imre.sand)",
        "Away: Back on Monday.",
    ]


def test_a_misspelt_person_gets_the_nearest(office):
    assert office().do("show_person", person="imre.sandd") == (
        "show_person was refused: nobody is called 'imre.sandd' (did you mean \"imre.sand\"?)."
    )


def test_the_org_chart_shows_who_reports_to_whom(mini, office):
    env = office(mini.with_person("ann.bee", "Ann Bee", team="Accounts", manager="dele.okafor"))
    assert env.do("show_org_chart").splitlines() == [
        "Nora Whitlock (nora.whitlock), owner",
        "  Imre Sand (imre.sand), workshop lead",
        "    Office Desk (desk), office assistant",
        "  Dele Okafor (dele.okafor), bookkeeper",
        "    Ann Bee (ann.bee), no role given",
    ]
    assert env.do("show_org_chart", team="accounts") == "Ann Bee (ann.bee), no role given"
    assert "there is no team 'acounts' (did you mean \"Accounts\"?)" in env.do("show_org_chart", team="acounts")


def test_a_big_company_fits_its_answers_and_is_not_compared_name_by_name(mini):
    env = CompanyEnv("corpenv/Mini-v0", {"tier": "P3"}, mini.with_population(people=3_000))
    env.reset(seed=1)
    chart = env.do("show_org_chart")
    assert len(chart) < 16_000
    assert chart.endswith("more; name a team to see it whole.")
    assert env.do("find_person").endswith("More: page=2.")
    before = process_time()
    assert env.do("show_person", person="x" * 200).endswith("; find_person finds people.")
    assert env.do("open_ticket", title="t", text="t", approver="y" * 200).endswith("; find_person finds people.")
    assert process_time() - before < 0.05
