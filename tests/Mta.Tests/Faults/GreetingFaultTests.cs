using MailSuite.Testing.Misbehaving;

namespace MailSuite.Mta.Tests.Faults;

public sealed class GreetingFaultTests
{
    public static TheoryData<string> Names => ServerFaults.NamesOf(Misbehaviours.AtGreeting);

    [Theory, MemberData(nameof(Names))]
    public Task Leaves_each_recipient_in_the_state_that_the_greeting_allows(string name) =>
        MisbehaviourScene.PlayAsync(ServerFaults.Named(Misbehaviours.AtGreeting, name), ServerFaults.OutcomeOf(name));

    [Fact]
    public async Task Waits_for_a_greeting_that_is_slow_but_comes_in_time()
    {
        var patience = new TaskCompletionSource();
        await using var scene = await MisbehaviourScene.StartAsync(new("greets late", async talk =>
        {
            await patience.Task;
            await talk.ServeAsync();
        }), change: relay => relay with { ConnectTimeout = TimeSpan.FromHours(1) });
        var sending = scene.SendAsync();
        await Queue.RelayScene.UntilAsync(() => scene.Server.Connections == 1);
        scene.Relay.Clock.Advance(TimeSpan.FromMinutes(4.9));
        patience.SetResult();
        await sending;

        MisbehaviourScene.AssertStates("delivered", scene.States());
        Assert.Equal(1, scene.Server.Connections);
    }
}
