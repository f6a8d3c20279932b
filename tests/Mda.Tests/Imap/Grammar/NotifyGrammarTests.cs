using System.Text;
using MailSuite.Mda.Imap.Grammar;

namespace MailSuite.Mda.Tests.Imap.Grammar;

public sealed class NotifyGrammarTests
{
    [Fact]
    public void Reads_the_examples_of_the_RFC()
    {
        var request = Parse("set status (selected (MessageNew (uid body.peek[header.fields (from to subject)]) MessageExpunge)) (subtree Lists (MessageNew MessageExpunge)) (mailboxes (a \"b c\") NONE)");
        Assert.True(request.Status);
        Assert.True(request.IsConsistent);
        Assert.Equal([NotifyFilter.Selected, NotifyFilter.Subtree, NotifyFilter.Mailboxes], request.Groups.Select(group => group.Filter));
        Assert.Equal(2, request.Groups[0].Items.Count);
        Assert.Equal(["Lists"], request.Groups[1].Names);
        Assert.Equal(["a", "b c"], request.Groups[2].Names);
        Assert.Equal(NotifyEvents.None, request.Groups[2].Events);
    }

    [Fact]
    public void Reads_every_filter_and_event()
    {
        var request = Parse("SET (selected-delayed (MessageNew MessageExpunge FlagChange)) (inboxes NONE) (personal (MailboxName MailboxMetadataChange ServerMetadataChange)) (subscribed (SubscriptionChange X))");
        Assert.True(request.HasUnknownEvents);
        Assert.Equal(
            [NotifyFilter.SelectedDelayed, NotifyFilter.Inboxes, NotifyFilter.Personal, NotifyFilter.Subscribed],
            request.Groups.Select(group => group.Filter));
        Assert.Equal(NotifyEvents.MailboxName | NotifyEvents.MailboxMetadataChange | NotifyEvents.ServerMetadataChange, request.Groups[2].Events);
        Assert.Empty(Parse("NONE").Groups);
    }

    private static NotifyRequest Parse(string text)
    {
        var parser = new ImapParser(Encoding.UTF8.GetBytes(text));
        Assert.True(parser.TryNotify(utf8: false, out var request));
        return request;
    }
}
