using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Tests.Mime;

public sealed class EnvelopeTests
{
    [Fact]
    public void Has_the_ten_members_of_the_rfc() => Assert.Equal(
        """
        ("Wed, 17 Jul 1996 02:23:25 -0700" "IMAP4rev1 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>")
        """,
        MimeScene.Envelope("""
            Date: Wed, 17 Jul 1996 02:23:25 -0700
            From: Terry Gray <gray@cac.washington.edu>
            Subject: IMAP4rev1 WG mtg summary and minutes
            To: imap@cac.washington.edu
            cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
            Message-Id: <B27397-0100000@cac.washington.edu>


            """));

    [Fact]
    public void Is_all_nil_without_fields() => Assert.Equal("(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)", MimeScene.Envelope("\n"));

    [Theory]
    [InlineData("Subject:\n\n", "\"\"")]
    [InlineData("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n\n", "\"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\"")]
    [InlineData("Subject: a \"b\" \\c\n\n", "\"a \\\"b\\\" \\\\c\"")]
    [InlineData("Subject: Gr\u00fc\u00dfe\n\n", "{5}\r\nGr\u00fc\u00dfe")]
    [InlineData("Subject: a\0\u00fc\n\n", "{2}\r\na\u00fc")]
    [InlineData("Subject: one\n\ttwo\n  three\n\n", "\"one two  three\"")]
    [InlineData("Subject: one\nSubject: two\n\n", "\"two\"")]
    public void Gives_a_subject_as_it_is(string mail, string subject) => Assert.StartsWith($"(NIL {subject} NIL", MimeScene.Envelope(mail), StringComparison.Ordinal);

    [Theory]
    [InlineData("a@example.org", "((NIL NIL \"a\" \"example.org\"))")]
    [InlineData("<@one.example,@two.example:a@example.org>", "((NIL \"@one.example,@two.example\" \"a\" \"example.org\"))")]
    [InlineData("a@example.org (Ann (nested) Other)", "((\"Ann (nested) Other\" NIL \"a\" \"example.org\"))")]
    [InlineData("\"Public, Joe\" <\"joe q\"@example.org>", "((\"Public, Joe\" NIL \"joe q\" \"example.org\"))")]
    [InlineData("Friends: a@example.org, b@example.org;, c@example.org", "((NIL NIL \"Friends\" NIL)(NIL NIL \"a\" \"example.org\")(NIL NIL \"b\" \"example.org\")(NIL NIL NIL NIL)(NIL NIL \"c\" \"example.org\"))")]
    [InlineData("undisclosed-recipients:;", "((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL))")]
    [InlineData("a@[192.0.2.1]", "((NIL NIL \"a\" \"[192.0.2.1]\"))")]
    [InlineData("root", "((NIL NIL \"root\" \"MISSING_DOMAIN\"))")]
    [InlineData("Joe Public", "((\"Joe Public\" NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\"))")]
    [InlineData("Joe <joe@>, b@example.org", "((\"Joe\" NIL \"joe\" \"SYNTAX_ERROR\")(NIL NIL \"b\" \"example.org\"))")]
    [InlineData(",, a@example.org,,", "((NIL NIL \"a\" \"example.org\"))")]
    [InlineData("(nobody)", "NIL")]
    public void Reads_addresses_whatever_they_are(string field, string addresses) =>
        Assert.Equal($"(NIL NIL NIL NIL NIL {addresses} NIL NIL NIL NIL)", MimeScene.Envelope($"To: {field}\n\n"));

    [Fact]
    public void Takes_the_author_where_sender_and_reply_to_are_absent_or_empty()
    {
        const string Author = "((NIL NIL \"a\" \"example.org\"))";

        Assert.Equal($"(NIL NIL {Author} {Author} {Author} NIL NIL NIL NIL NIL)", MimeScene.Envelope("From: a@example.org\nSender:\n\n"));
    }

    [Fact]
    public void Shows_the_authors_of_all_from_fields() =>
        Assert.Contains("((NIL NIL \"a\" \"example.org\")(NIL NIL \"b\" \"example.org\"))", MimeScene.Envelope("From: a@example.org\nFrom: b@example.org\n\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData(MimeLimits.MaxAddresses)]
    [InlineData(MimeLimits.MaxAddresses + 1)]
    public void Lists_no_more_addresses_than_its_limit(int count)
    {
        var envelope = MimeScene.Envelope($"To: {string.Join(',', Enumerable.Range(0, count).Select(i => $"a{i}@b"))}\n\n");

        Assert.Contains($"\"a{MimeLimits.MaxAddresses - 1}\"", envelope, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"a{MimeLimits.MaxAddresses}\"", envelope, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MimeLimits.MaxFields)]
    [InlineData(MimeLimits.MaxFields + 1)]
    public void Looks_at_no_more_fields_than_its_limit(int count)
    {
        var envelope = MimeScene.Envelope($"{string.Concat(Enumerable.Range(1, count).Select(i => $"To: a{i}@b\n"))}\n");

        Assert.Contains($"\"a{MimeLimits.MaxFields}\"", envelope, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"a{MimeLimits.MaxFields + 1}\"", envelope, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MimeLimits.MaxCommentDepth)]
    [InlineData(MimeLimits.MaxCommentDepth + 1)]
    public void Nests_comments_to_its_limit(int depth)
    {
        var envelope = MimeScene.Envelope($"To: {new string('(', depth)}{new string(')', depth)} a@b\n\n");

        // Beyond it the closing parentheses are too many, and the first of them is no address.
        Assert.Equal(depth <= MimeLimits.MaxCommentDepth, envelope.Contains("((NIL NIL \"a\" \"b\"))", StringComparison.Ordinal));
    }
}
