using MailSuite.Mua.Journey;
using MailSuite.Mua.Tests.Support;
using MailSuite.Mua.Web;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Tests.Web;

public sealed class JourneyPrivacyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_sender_sees_all() => Assert.Equal(3, JourneyPrivacy.For(Journey(), Account("ann@example.net"), false)!.Events.Count);

    [Fact]
    public void A_stranger_sees_nothing() => Assert.Null(JourneyPrivacy.For(Journey(), Account("eve@example.org"), false));

    [Fact]
    public void A_recipient_sees_no_trace_of_another()
    {
        var seen = JourneyPrivacy.For(Journey(), Samples.Bob, true)!;

        Assert.Equal(["bob@example.org"], seen.Recipients);
        Assert.Equal([JourneyStep.Accepted, JourneyStep.Filed], seen.Events.Select(e => e.Step));
        Assert.All(seen.Events, e =>
        {
            Assert.DoesNotContain("hidden@example.com", e.Summary + e.Reason + string.Join(' ', e.Recipients), StringComparison.Ordinal);
            Assert.Empty(e.Dialogue);
        });
    }

    [Fact]
    public void The_only_recipient_sees_all_even_by_an_alias()
    {
        var alone = Journey() with { Recipients = ["sales@example.org"], Events = [Event(JourneyStep.Accepted, "sales@example.org")] };

        Assert.Single(JourneyPrivacy.For(alone, Samples.Bob, ownsMessage: true)!.Events[0].Dialogue);
        Assert.Null(JourneyPrivacy.For(alone, Samples.Bob, ownsMessage: false));
    }

    private static MessageJourney Journey() => new(new JourneyId(Guid.Empty), Noon, Noon, JourneyStep.Filed, null, null, "S", "ann@example.net", ["bob@example.org", "hidden@example.com"], null)
    {
        Events = [Event(JourneyStep.Accepted, "bob@example.org", "hidden@example.com"), Event(JourneyStep.Filed, "bob@example.org"), Event(JourneyStep.Filed, "hidden@example.com")],
    };

    private static JourneyEvent Event(JourneyStep step, params string[] recipients) =>
        new(new JourneyId(Guid.Empty), Noon, MailRole.Mta, step, "h", $"For {string.Join(", ", recipients)}.")
        {
            Recipients = [.. recipients.Select(EnvelopeAddress.Parse)],
            Dialogue = [new(Noon, true, $"RCPT TO:<{recipients[^1]}>")],
        };

    private static Account Account(string address) => new(new AccountId(9), EnvelopeAddress.Parse(address), null);
}
