/// What somebody who wants an account says of themselves.
public struct Registration: Sendable, Decodable, Equatable {
    public var userName: String?
    public var firstName: String?
    public var familyName: String?
    public var email: String?
    public var orcid: String?
    public var comment: String?
    public var termsAgreed: String?

    enum CodingKeys: String, CodingKey {
        case userName = "user_name"
        case firstName = "first_name"
        case familyName = "family_name"
        case email, orcid, comment
        case termsAgreed = "terms_agreed"
    }

    /// - Throws: ``AccountError``: `badInput` for a control character or an address that is none, `invalidRegistration`
    ///   for a broken rule.
    func check() throws(AccountError) -> Checked {
        let given = [userName, firstName, familyName, email, orcid, comment, termsAgreed].compactMap { $0 }
        guard !given.contains(where: MailAddressRule.hasControlCharacter) else {
            throw AccountError(.badInput, "a value holds a control character")
        }
        if let email, !MailAddressRule.accepts(email) {
            throw AccountError(.badInput, "the mail address is not valid")
        }
        guard let checked = Checked(self) else {
            throw AccountError(.invalidRegistration, "Please provide valid registration data.")
        }
        return checked
    }

    /// A registration that follows all rules.
    struct Checked: Sendable, Equatable {
        let userName, firstName, familyName, email, orcid, comment: String

        fileprivate init?(_ given: Registration) {
            guard given.termsAgreed == "accepted",
                let userName = given.userName, Self.length(userName, 5...20),
                let firstName = given.firstName, Self.length(firstName, 2...50),
                let familyName = given.familyName, Self.length(familyName, 2...50),
                // The column takes no more.
                let email = given.email, Self.length(email, 3...50),
                let orcid = given.orcid, orcid.wholeMatch(of: /(?:[0-9]{4}-){3}[0-9]{3}[0-9X]/) != nil,
                let comment = given.comment, Self.length(comment, 10...250)
            else { return nil }
            self.userName = userName
            self.firstName = firstName
            self.familyName = familyName
            self.email = email
            self.orcid = orcid
            self.comment = comment
        }

        /// In the characters that the database counts.
        private static func length(_ text: String, _ range: ClosedRange<Int>) -> Bool {
            range.contains(text.unicodeScalars.count)
        }
    }
}
