//! Operator's keys on several replicas.

use serde_json::{Value, json};

use crate::process::{Fleet, Said, eventually, run};

impl Fleet {
    /// `boxoffice keys` with these arguments, on this replica.
    fn keys(&self, at: usize, arguments: &[&str]) -> Said {
        let data_dir = self.data_dir(at);
        let data_dir = data_dir.to_str().expect("UTF-8");
        run(&[&["keys"], arguments, &["--json", "--data-dir", data_dir]].concat(), &[])
    }

    /// What this replica answers to a key, how new its state has to be, and what it shows.
    async fn listed(&self, at: usize, secret: &str, (name, value): (&str, &str)) -> (u16, Value) {
        let request = self.http.get(self.url(at, "/api/keys")).bearer_auth(secret).header(name, value);
        let answer = request.send().await.expect("it runs");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// What is printed of the first key. Until all three have told each other what they support, keys are refused.
    async fn first_key(&self) -> String {
        let create = ["create", "--label", "of the tests", "--scope", "keys"];
        eventually("the feature level is raised", async || match self.keys(0, &create) {
            Said { code: Some(0), out, .. } => Ok(out),
            said if said.err.contains("not until all replicas run this version") => {
                assert!(said.code != Some(0) && said.out.is_empty(), "nobody takes it for a key: {said:?}");
                assert_eq!(said.err.lines().count(), 1, "{said:?}");
                Err(said.err)
            }
            said => panic!("{said:?}"),
        })
        .await
    }
}

const STRONG: (&str, &str) = ("consistency", "strong");

#[tokio::test]
async fn a_key_works_on_every_replica_until_it_is_revoked_on_any() {
    let mut fleet = Fleet::ready(3, 0).await;
    let made: Value = serde_json::from_str(&fleet.first_key().await).expect("JSON");
    let (id, secret) = (made["id"].as_str().expect("an id"), made["secret"].as_str().expect("a secret"));
    for at in 0..3 {
        assert_eq!(fleet.listed(at, secret, STRONG).await.0, 200, "replica {at}");
    }
    // One that makes and ends another, each on another replica.
    let body = json!({"label": "another", "scopes": ["keys"]});
    let other = fleet.http.post(fleet.url(1, "/api/keys")).bearer_auth(secret).json(&body).send();
    let other: Value = other.await.expect("it runs").json().await.expect("JSON");
    let other_secret = other["secret"].as_str().expect("a secret").to_owned();
    assert_eq!(fleet.listed(2, &other_secret, STRONG).await.0, 200);
    let path = format!("/api/keys/{}", other["id"].as_str().expect("an id"));
    let revoked = fleet.http.delete(fleet.url(2, &path)).bearer_auth(secret).send().await.expect("it runs");
    assert_eq!(revoked.status().as_u16(), 204);
    let token = revoked.headers()["consistency-token"].to_str().expect("ASCII").to_owned();
    for at in 0..3 {
        let (status, refused) = fleet.listed(at, &other_secret, ("consistency-token", &token)).await;
        assert_eq!(status, 401, "replica {at} has applied its end: {refused}");
        let (status, listed) = fleet.listed(at, secret, ("consistency-token", &token)).await;
        assert_eq!(status, 200, "replica {at}: {listed}");
        let shown = listed.as_array().expect("a list").iter().find(|key| key["id"] == other["id"]);
        assert_eq!(shown.expect("still listed")["revokedBy"], id, "replica {at}");
    }

    fleet.keys(2, &["revoke", id]).done();
    for at in 0..3 {
        assert_eq!(fleet.listed(at, secret, STRONG).await.0, 401, "replica {at}");
        let listed: Value = serde_json::from_str(&fleet.keys(at, &["list"]).done()).expect("JSON");
        let works = listed.as_array().expect("a list").iter().filter(|key| key["works"] == true);
        assert_eq!((listed.as_array().map(Vec::len), works.count()), (Some(2), 0), "replica {at}");
    }
    // And without being asked to look further, each has heard of it by itself.
    for at in 0..3 {
        eventually("it has heard", async || match fleet.listed(at, secret, ("consistency", "local")).await {
            (401, _) => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
    }
    fleet.signal(0, rustix::process::Signal::KILL);
    fleet.exit(0).await;
    fleet.start(0);
    fleet.until_ready(0).await;
    assert_eq!(fleet.listed(0, secret, ("consistency", "local")).await.0, 401, "it knows without asking");
}
