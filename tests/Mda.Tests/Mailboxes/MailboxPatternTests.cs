using System.Text.RegularExpressions;
using CsCheck;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Tests.Mailboxes;

public sealed class MailboxPatternTests
{
    [Theory]
    [InlineData("*", "a/b/c", true)]
    [InlineData("%", "a", true)]
    [InlineData("%", "a/b", false)]
    [InlineData("%/%", "a/b", true)]
    [InlineData("%/%", "a", false)]
    [InlineData("a/%", "a/b", true)]
    [InlineData("a/%", "a/b/c", false)]
    [InlineData("a/*", "a/b/c", true)]
    [InlineData("a/*", "a", false)]
    [InlineData("a*", "a", true)]
    [InlineData("*b", "a/b", true)]
    [InlineData("%b", "a/b", false)]
    [InlineData("%a%b/", "xaab/", true)]
    [InlineData("inbox", "INBOX", true)]
    [InlineData("InBoX/%", "INBOX/x", true)]
    [InlineData("in%", "INBOX", true)]
    [InlineData("%ox", "INBOX", true)]
    [InlineData("work", "Work", false)]
    [InlineData("INBOX/A", "INBOX/a", false)]
    [InlineData("Cafe\u0301", "Caf\u00e9", true)]
    [InlineData("", "a", false)]
    public void Matches(string pattern, string name, bool matches) => Assert.Equal(matches, MailboxPattern.Parse(pattern)!.Matches(name));

    [Fact]
    public void Has_20_wildcards_at_most()
    {
        Assert.NotNull(MailboxPattern.Parse(string.Concat(Enumerable.Repeat("%a", 20))));
        Assert.Null(MailboxPattern.Parse(string.Concat(Enumerable.Repeat("%a", 21))));
        Assert.NotNull(MailboxPattern.Parse(new string('*', 100)));
    }

    [Fact]
    public void Agrees_with_a_regular_expression() =>
        Gen.Select(Gen.Char["ab/%*"].Array[0, 8], Gen.Char["ab/"].Array[1, 10]).Sample((pattern, name) =>
        {
            var text = new string(pattern);
            var expression = "^" + Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal).Replace("%", "[^/]*", StringComparison.Ordinal) + "$";
            Assert.Equal(Regex.IsMatch(new string(name), expression, RegexOptions.CultureInvariant), MailboxPattern.Parse(text)!.Matches(new string(name)));
        }, iter: 50_000);
}
