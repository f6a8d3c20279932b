using CsCheck;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Tests.Mailboxes;

public sealed class MailboxNameTests
{
    [Theory]
    [InlineData("Work", "Work")]
    [InlineData("inbox", "INBOX")]
    [InlineData("Inbox/old", "INBOX/old")]
    [InlineData("inboxes", "inboxes")]
    [InlineData("a/INBOX", "a/INBOX")]
    [InlineData("Cafe\u0301", "Caf\u00e9")]
    [InlineData("100% *", "100% *")]
    public void Has_one_form(string text, string name)
    {
        Assert.True(MailboxName.TryParse(text, out var parsed, out _));
        Assert.Equal(name, parsed.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a\u0007")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085")]
    [InlineData("a\u2028b")]
    [InlineData("\ufeffa")]
    [InlineData("a\ud800")]
    public void Refuses_what_is_none(string text)
    {
        Assert.False(MailboxName.TryParse(text, out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void Has_1000_octets_at_most()
    {
        Assert.True(MailboxName.TryParse(new string('x', 1000), out _));
        Assert.False(MailboxName.TryParse(new string('x', 1001), out _));
        Assert.True(MailboxName.TryParse(new string('\u00e9', 500), out _));
        Assert.False(MailboxName.TryParse(new string('\u00e9', 500) + "x", out _));
    }

    [Fact]
    public void Has_32_levels_at_most()
    {
        Assert.True(MailboxName.TryParse(string.Join('/', Enumerable.Repeat("x", 32)), out _));
        Assert.False(MailboxName.TryParse(string.Join('/', Enumerable.Repeat("x", 33)), out _));
    }

    [Fact]
    public void Parses_to_itself_again_whatever_it_was() => Gen.String.Sample(text =>
    {
        if (MailboxName.TryParse(text, out var name))
        {
            Assert.True(MailboxName.TryParse(name.Value, out var again));
            Assert.Equal(name, again);
        }
    }, iter: 20_000);

    [Theory]
    [InlineData("Other Users/ann@example.org/INBOX", "ann@example.org", "INBOX")]
    [InlineData("Other Users/Ann@Example.ORG/a/b", "ann@example.org", "a/b")]
    [InlineData("Other Users/a/b@example.org/inbox", "a/b@example.org", "INBOX")]
    [InlineData("Other Usersx/a", null, "Other Usersx/a")]
    [InlineData("a/Other Users", null, "a/Other Users")]
    public void Says_whose_mailbox_is_meant(string text, string? owner, string name)
    {
        Assert.True(MailboxPlace.TryParse(text, out var place, out _));
        Assert.Equal((owner, name), (place.OwnerKey, place.Name.Value));
    }

    [Theory]
    [InlineData("Other Users")]
    [InlineData("Other Users/")]
    [InlineData("Other Users/ann")]
    [InlineData("Other Users/ann@example.org")]
    [InlineData("Other Users/ann@example.org/")]
    [InlineData("Other Users/@/x")]
    public void Knows_no_mailbox_of_the_levels_above_those_of_others(string text) => Assert.False(MailboxPlace.TryParse(text, out _, out _));
}
