using System.Text;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using MimeKit;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>One message of three recipients whose host answers 451 twice, then refuses one of them, then dies; five days on a clock that is put ahead.</summary>
public sealed class StoryTests
{
    [Fact]
    public async Task A_host_that_defers_then_refuses_one_then_dies_is_told_step_by_step_and_whole_at_the_end()
    {
        var greylisting = true;
        await using var peer = new SmtpPeer();
        peer.OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal)
            ? greylisting || !line.Contains("<bob@", StringComparison.Ordinal) ? "451 4.7.1 greylisted, come back" : "550 5.1.1 no bob here"
            : null;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        var message = await scene.SendAsync("ann@here.test", ["ann@there.test", "bob@there.test", "cy@there.test"]);

        await AttemptsAsync(1);
        scene.Clock.Advance(TimeSpan.FromMinutes(6));
        await AttemptsAsync(2);
        greylisting = false;
        scene.Clock.Advance(TimeSpan.FromMinutes(11.5));
        await scene.SeeAsync(JourneyStep.Bounced);
        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == 1);
        var first = Failed()[0];
        Assert.Equal(["bob@there.test 5.1.1"], Failures(first));

        await peer.DisposeAsync();
        scene.Clock.Advance(TimeSpan.FromHours(5));
        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == 2);
        Assert.Single(Texts(), text => text.Contains("Action: delayed", StringComparison.Ordinal));
        for (var hours = 0; scene.Mda.Stored.Count < 3 && hours < 200; hours++)
        {
            scene.Clock.Advance(TimeSpan.FromHours(1));
            await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == 3 || scene.Count("Recipients", $"State = 2 OR (State = 0 AND NextAttemptAt <= {scene.Clock.GetUtcNow().ToUnixTimeMilliseconds()})") == 0);
        }

        await scene.EmptyAsync();
        Assert.Equal(3, scene.Mda.Stored.Count);
        var last = Failed().Single(report => Failures(report).Count() == 2);
        Assert.Equal(["ann@there.test 5.4.1", "cy@there.test 5.4.1"], Failures(last));
        var words = ((TextPart)last[0]).Text;
        Assert.Contains("could not be reached", words, StringComparison.Ordinal);
        Assert.Contains("is given up now", words, StringComparison.Ordinal);
        Assert.Contains("An earlier report has told you that it could not be delivered to", words, StringComparison.Ordinal);
        Assert.Contains("  bob@there.test", words, StringComparison.Ordinal);
        Assert.Contains("(5.1.1)", words, StringComparison.Ordinal);

        var told = scene.Journeys.Events.Where(one => one.Journey == message.Journey).ToList();
        Assert.Equal([JourneyStep.Deferred, JourneyStep.Deferred, JourneyStep.Deferred, JourneyStep.Bounced], told.Select(one => one.Step).Where(step => step is JourneyStep.Deferred or JourneyStep.Bounced).Take(4).Order());
        Assert.Equal(3, told.Count(one => one.Step == JourneyStep.Deferred && one.Reason!.Contains("451 4.7.1 greylisted", StringComparison.Ordinal)));
        Assert.Contains(told, one => one.Step == JourneyStep.Bounced && one.Recipients is [{ } bob] && bob.ToString() == "bob@there.test" && one.Reason == "550 5.1.1 no bob here");
        Assert.Single(told, one => one.Step == JourneyStep.Reported);
        var end = Assert.Single(told, one => one.Step == JourneyStep.Bounced && one.Recipients.Count == 2 && one.Summary.Contains("is given up now", StringComparison.Ordinal));
        Assert.InRange(end.At - message.AcceptedAt, TimeSpan.FromDays(5), TimeSpan.FromDays(5.2));
        Assert.All(told.Where(one => one.Step == JourneyStep.Deferred && one.Reason!.StartsWith("451", StringComparison.Ordinal)), one => Assert.Contains(one.Dialogue, line => line.Text.StartsWith("451", StringComparison.Ordinal)));

        Task AttemptsAsync(int attempts) => RelayScene.UntilAsync(() => scene.Count("Recipients", $"State = 0 AND Attempts = {attempts}") == 3);
        List<string> Texts() => [.. scene.Mda.Stored.Select(stored => Encoding.UTF8.GetString(stored.Octets))];
        List<MultipartReport> Failed() => [.. scene.Mda.Stored.Select(stored => (MultipartReport)MimeMessage.Load(new MemoryStream(stored.Octets), TestContext.Current.CancellationToken).Body!).Where(report => Failures(report).Any())];
    }

    private static IEnumerable<string> Failures(MultipartReport report) => ((MessageDeliveryStatus)report[1]).StatusGroups
        .Where(group => group["Action"] == "failed").Select(group => $"{group["Final-Recipient"]!.Split("; ")[1]} {group["Status"]}");
}
