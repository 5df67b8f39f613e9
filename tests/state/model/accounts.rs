//! Accounts, sessions, one-time tokens, keys and upkeep.

use boxoffice::domain::*;

use super::{Account, Login, Model, No, Offer, Said, no};

impl Model {
    pub(super) fn user_with(&self, email: &str) -> Option<UserId> {
        self.users.iter().find(|(_, account)| account.email == email).map(|(id, _)| *id)
    }

    pub(super) fn sign_up(&mut self, c: &SignUp) -> Result<Said, No> {
        if self.user_with(&c.email).is_some() {
            return no(RejectionCode::EmailTaken);
        }
        let (email, password_hash) = (c.email.clone(), c.password_hash.clone());
        self.users.insert(c.user, Account { email, password_hash, password_version: 1 });
        Ok(self.open_session(c.user, c.session, c.session_ttl_ms))
    }

    pub(super) fn sign_in(&mut self, c: &SignIn) -> Result<Said, No> {
        self.check_password(c.user, c.password_version)?;
        if let Some(rehashed) = &c.rehashed_password {
            self.account(c.user).password_hash.clone_from(rehashed);
        }
        Ok(self.open_session(c.user, c.session, c.session_ttl_ms))
    }

    pub(super) fn open_session(&mut self, user: UserId, session: SessionId, ttl_ms: u64) -> Said {
        let expires_at_ms = self.now_ms + ttl_ms;
        self.sessions.insert(session, Login { user, created_at_ms: self.now_ms, expires_at_ms });
        Said::SignedIn(user, self.users[&user].email.clone(), session, expires_at_ms)
    }

    pub(super) fn end_session(&mut self, user: UserId, session: SessionId) -> Result<Said, No> {
        match self.sessions.get(&session) {
            Some(login) if login.user == user => {
                self.sessions.remove(&session);
                Ok(Said::Done)
            }
            _ => no(RejectionCode::NotFound),
        }
    }

    pub(super) fn issue_token(&mut self, c: &IssueResetToken) -> Result<Said, No> {
        let Some(user) = self.user_with(&c.email) else { return no(RejectionCode::NotFound) };
        // With another password than the forgotten one, the token counts for nothing.
        let version = self.users[&user].password_version;
        self.tokens.insert(c.token_hash.clone(), (user, self.now_ms + c.ttl_ms, version));
        Ok(Said::Done)
    }

    pub(super) fn reset_password(&mut self, c: &ResetPassword) -> Result<Said, No> {
        let token = self.tokens.get(&c.token_hash).filter(|(_, until_ms, _)| self.now_ms < *until_ms);
        let Some(&(user, _, version)) = token else { return no(RejectionCode::BadCredentials) };
        self.check_password(user, version)?;
        self.tokens.remove(&c.token_hash);
        self.set_password(user, &c.password_hash, None);
        Ok(Said::Done)
    }

    pub(super) fn delete_account(&mut self, user: UserId, password_version: u64) -> Result<Said, No> {
        self.check_password(user, password_version)?;
        let buys = self.orders.values().any(|claim| claim.buyer == user && claim.status.is_open());
        let reserved = |offer: &Offer| offer.seller == user && offer.status == TicketStatus::Reserved;
        if buys || self.tickets.values().any(reserved) {
            return no(RejectionCode::AccountInUse);
        }
        self.users.remove(&user);
        self.sessions.retain(|_, login| login.user != user);
        self.departed.insert(user);
        Ok(Said::Done)
    }

    pub(super) fn check_password(&self, user: UserId, version: u64) -> Result<(), No> {
        let known = self.users.get(&user).map(|account| account.password_version);
        if known == Some(version) { Ok(()) } else { Err((RejectionCode::BadCredentials, 0)) }
    }

    pub(super) fn set_password(&mut self, user: UserId, hash: &str, kept: Option<SessionId>) {
        let account = self.account(user);
        account.password_hash = hash.to_owned();
        account.password_version += 1;
        self.sessions.retain(|id, login| login.user != user || Some(*id) == kept);
    }

    pub(super) fn account(&mut self, user: UserId) -> &mut Account {
        self.users.get_mut(&user).expect("whoever has a password has an account")
    }

    pub(super) fn add_key(&mut self, c: &AddSigningKey) -> Result<Said, No> {
        if self.keys.contains_key(&c.kid) || c.only_if_none && !self.keys.is_empty() {
            return Ok(Said::Done);
        }
        let last_session = self.sessions.values().map(|login| login.expires_at_ms).max();
        let until_ms = last_session.unwrap_or(0).max(self.now_ms + c.overlap_ms);
        for retires in self.keys.values_mut().filter(|retires| retires.is_none()) {
            *retires = Some(until_ms);
        }
        self.keys.insert(c.kid.clone(), None);
        Ok(Said::Done)
    }

    /// What has run out is forgotten, oldest first; what departed sellers left is withdrawn.
    pub(super) fn upkeep(&mut self, at_most: usize, withdrawn: &[TicketId]) -> Result<Said, No> {
        let now_ms = self.now_ms;
        let mut ended: Vec<_> = self.sessions.iter().map(|(id, login)| (login.expires_at_ms, *id)).collect();
        ended.retain(|(until_ms, _)| *until_ms <= now_ms);
        ended.sort();
        for (_, id) in ended.into_iter().take(at_most) {
            self.sessions.remove(&id);
        }
        let mut ended: Vec<_> = self.tokens.iter().map(|(hash, token)| (token.1, hash.clone())).collect();
        ended.retain(|(until_ms, _)| *until_ms <= now_ms);
        ended.sort();
        for (_, hash) in ended.into_iter().take(at_most) {
            self.tokens.remove(&hash);
        }
        self.keys.retain(|_, retires| retires.is_none_or(|until_ms| now_ms < until_ms));
        for ticket in withdrawn {
            assert!(self.departed.contains(&self.tickets[ticket].seller), "{ticket} has its seller");
            self.withdraw(*ticket);
        }
        assert!(withdrawn.len() <= at_most, "{} tickets are withdrawn at once", withdrawn.len());
        Ok(Said::Done)
    }
}
