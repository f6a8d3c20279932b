using System.Text;
using MailSuite.Mda.Imap.Grammar;

namespace MailSuite.Mda.Tests.Imap.Grammar;

public sealed class MailboxNameTextTests
{
    [Theory]
    [InlineData("INBOX", "INBOX")]
    [InlineData("inbox", "INBOX")]
    [InlineData("InBox/a", "INBOX/a")]
    [InlineData("Inboxes", "Inboxes")]
    [InlineData("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語")] // RFC 3501 §5.1.3
    [InlineData("Entw&APw-rfe", "Entwürfe")]
    [InlineData("A&-B", "A&B")]
    [InlineData("&2D3eAA-", "😀")]
    [InlineData("Entwürfe", "Entwürfe")]
    public void Decodes_modified_UTF_7(string wire, string name)
    {
        Assert.True(MailboxNameText.TryDecode(Encoding.UTF8.GetBytes(wire), utf8: false, out var decoded));
        Assert.Equal(name, decoded);
        if (wire.All(char.IsAscii) && wire[0] is not 'i' and not 'I')
            Assert.Equal(wire, MailboxNameText.Encode(name, utf8: false));
    }

    [Theory]
    [InlineData("&")]
    [InlineData("a&b")]
    [InlineData("&AGE-")] // an "a" that could be written as itself
    [InlineData("&A-")]
    [InlineData("&2D0-")] // half a pair
    [InlineData("&3gA-")]
    [InlineData("a\u0001")]
    [InlineData("a\u0085")]
    public void Refuses_what_is_no_name(string wire) => Assert.False(MailboxNameText.TryDecode(Encoding.UTF8.GetBytes(wire), utf8: false, out _));

    [Fact]
    public void In_UTF_8_nothing_is_decoded()
    {
        Assert.True(MailboxNameText.TryDecode("A&b &AGE-"u8, utf8: true, out var name));
        Assert.Equal("A&b &AGE-", name);
        Assert.Equal("Entwürfe & mehr", MailboxNameText.Encode("Entwürfe & mehr", utf8: true));
        Assert.False(MailboxNameText.TryDecode([(byte)'a', 0xFF], utf8: true, out _));
    }
}
