public import GitClient

/// A change as a mail that `git am` takes, in the form of `git format-patch`. The same commit gives the same bytes,
/// whatever else is in its series.
///
/// Files with carriage returns need `git am --keep-cr`, as everybody's patches of them do.
public enum PatchMail {
    /// Writes the mail.
    /// - Parameters:
    ///   - commit: The commit that the mail stands for.
    ///   - text: Who wrote it and when.
    ///   - words: What it says; of its own text where the caller has nothing else to say.
    ///   - difference: The change, as ``GitClient/Speculation/patch(from:to:limits:)`` writes it.
    ///   - patch: The same, read.
    public static func bytes(
        of commit: ObjectID, text: CommitText, words: CommitWords, difference: [UInt8], patch: Patch
    ) -> [UInt8] {
        let name = words.author.isEmpty ? words.email : words.author
        let email = words.email.isEmpty ? "unknown@invalid" : words.email
        let person = "\(EncodedWords.phrase(name.isEmpty ? "unknown" : name, after: 6)) <\(email)>"
        var mail = "From \(commit) Mon Sep 17 00:00:00 2001\n"
        mail += "From: \(person)\n"
        mail += "Date: \(MailDate.text(text.seconds, offset: text.offset))\n"
        mail += "Subject: [PATCH] \(EncodedWords.text(words.subject, after: 17))\n"
        if !(words.body + words.subject + words.author + email).utf8.allSatisfy({ $0 < 0x80 }) {
            mail += "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
        }
        mail += "\n"
        if !words.body.isEmpty { mail += MailBody.safe(words.body) + "\n" }
        mail += "---\n\(PatchStatistics(patch).text)\n"
        return Array(mail.utf8) + difference
    }
}
