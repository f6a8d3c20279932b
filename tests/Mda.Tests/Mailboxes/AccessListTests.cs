using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Tests.Mailboxes;

public sealed class AccessListTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("lr", "lr", "lr")]
    [InlineData("rl", "lr", "lr")]
    [InlineData("lrswipkxtea", "lrswipkxtea", "lrswipkxteacd")]
    [InlineData("c", "kx", "kxc")]
    [InlineData("d", "te", "ted")]
    [InlineData("k", "k", "kc")]
    [InlineData("t", "t", "td")]
    public void Reads_and_writes_rights(string letters, string kept, string told)
    {
        var rights = RightsLetters.Parse(System.Text.Encoding.ASCII.GetBytes(letters));

        Assert.NotNull(rights);
        Assert.Equal((kept, told), (RightsLetters.Format(rights.Value), RightsLetters.FormatForWire(rights.Value)));
        Assert.Equal(rights, RightsLetters.Read(kept));
    }

    [Theory]
    [InlineData("z")]
    [InlineData("L")]
    [InlineData("lr ")]
    [InlineData("0")]
    public void Refuses_rights_that_it_does_not_know(string letters) => Assert.Null(RightsLetters.Parse(System.Text.Encoding.ASCII.GetBytes(letters)));

    [Theory]
    [InlineData("ben@example.org:lr", "lr")]
    [InlineData("anyone:l ben@example.org:r", "lr")]
    [InlineData("eve@example.org:lrs", "")]
    [InlineData("anyone:lrs -ben@example.org:s", "lr")]
    [InlineData("ben@example.org:lrs -anyone:r", "ls")]
    [InlineData("-ben@example.org:lr", "")]
    [InlineData("anyone:lr -eve@example.org:lr", "lr")]
    public void Comes_to_what_is_given_less_what_is_taken(string list, string rights)
    {
        var entries = list.Split(' ').Select(entry => entry.Split(':')).Select(pair => new AccessEntry(pair[0], RightsLetters.Read(pair[1])));

        Assert.Equal(rights, RightsLetters.Format(AccessList.Effective(entries, "ben@example.org")));
    }

    [Theory]
    [InlineData("Ann@Example.ORG", "ann@example.org")]
    [InlineData("-Ann@Example.ORG", "-ann@example.org")]
    [InlineData("Anyone", "anyone")]
    [InlineData("-anyone", "-anyone")]
    [InlineData("ann", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    public void Folds_identifiers(string identifier, string? folded) => Assert.Equal(folded, MailboxAccess.Fold(identifier));
}
