extension SchemaReader {
    /// Views, each after those that it uses. One whose tables are gone is kept as a comment.
    mutating func readViews(_ listings: [Listing]) throws -> [SchemaObject] {
        var views: [ObjectOrder.Node<SchemaObject>] = []
        var broken: [SchemaObject] = []
        for listing in listings {
            let row = try session.showCreate(.view, listing.name, privilege: "SHOW VIEW")
            let statement = try session.statement(
                "Create View", in: row, of: .view, listing.name, privilege: "SHOW VIEW")
            let context = SchemaContext(row, databaseCollation: session.databaseCollation)
            let text = SchemaQualifier(view: statement, database: session.database, characterSet: context.characterSet)
            if try isBroken(listing, text.text, context) {
                broken.append(brokenView(listing, text.text))
                continue
            }
            let object = object(.view, listing.name, statement: text.text, context: context)
            views.append(
                ObjectOrder.Node(
                    name: Array(listing.name.utf8), value: object, needs: text.tables, mayNeed: text.functions))
        }
        guard !views.isEmpty else { return broken }
        return ObjectOrder.sorted(views, through: try readFunctionWords(called: views)) + broken
    }

    /// Whether the view could not be made again. The servers put what is wrong with a view where the comment of a table
    /// stands, but they say the same of one whose definer is gone, which can be made; so its SELECT is tried.
    private func isBroken(_ listing: Listing, _ statement: [UInt8], _ context: SchemaContext) throws -> Bool {
        guard listing.comment != "VIEW", !listing.comment.isEmpty else { return false }
        let tokens = SchemaTokens(statement, characterSet: context.characterSet).filter { $0.kind != .comment }
        let view = tokens.firstIndex { $0.keyword(in: statement) == "view" } ?? 0
        guard let body = tokens[view...].first(where: { $0.keyword(in: statement) == "as" }) else { return true }
        let text = statement[body.range.upperBound...].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        do {
            try session.handle.execute(
                SQLQuery(unquoted: "SET @sysndd_view = CONVERT(X'\(text)' USING \(context.characterSet))"))
            try session.handle.execute("PREPARE sysndd_view FROM @sysndd_view")
            try session.handle.execute("DEALLOCATE PREPARE sysndd_view")
            return false
        } catch let error as DatabaseError where !error.isConnectionLost && error.kind != .interrupted {
            return true
        }
    }

    private mutating func brokenView(_ listing: Listing, _ statement: [UInt8]) -> SchemaObject {
        notices.append(
            SchemaNotice(
                .view, listing.name, .brokenView,
                "\(listing.comment); it is kept as a comment: drop it, or restore what it uses"))
        var script = SchemaScript(.view, listing.name)
        script.add(comment: "NOT RESTORED, because it could not be read: \(listing.comment)")
        script.add(comment: String(decoding: statement, as: UTF8.self) + ";")
        return SchemaObject(
            .view, listing.name, isBroken: true, sql: script.bytes, definition: Array("broken ".utf8) + statement)
    }

    /// The words in the bodies of the functions that views call: when a view is made, the server opens the views that its
    /// functions use.
    private func readFunctionWords(called views: [ObjectOrder.Node<SchemaObject>]) throws -> [[UInt8]: Set<[UInt8]>] {
        guard views.contains(where: { !$0.mayNeed.isEmpty }) else { return [:] }
        let rows = try session.query(
            """
            SELECT ROUTINE_NAME, ROUTINE_DEFINITION FROM information_schema.ROUTINES
            WHERE ROUTINE_SCHEMA = \(session.database) AND ROUTINE_TYPE = 'FUNCTION'
            """)
        var words: [[UInt8]: Set<[UInt8]>] = [:]
        for row in rows {
            guard let name = row.values[0], let body = row.values[1] else { continue }
            words[name] = Set(SchemaTokens(body).map { $0.identifier(in: body) })
        }
        return words
    }
}
