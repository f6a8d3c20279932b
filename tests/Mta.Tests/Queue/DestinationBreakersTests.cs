using MailSuite.Mta.Delivery;
using MailSuite.Mta.Queue;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;

namespace MailSuite.Mta.Tests.Queue;

public sealed class DestinationBreakersTests
{
    private static readonly CourierReport Vain = new([], [], Unreachable: true);
    private static readonly CourierReport Good = new([], [], Unreachable: false);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Leaves_a_dead_destination_alone_for_a_while_and_no_other()
    {
        var breakers = new DestinationBreakers(new RelayOptions(), _clock);
        for (var i = 0; i < 5; i++)
            await RunAsync(breakers, "dead.test", Vain);

        var open = await Assert.ThrowsAsync<BrokenCircuitException>(() => RunAsync(breakers, "dead.test", Vain));
        Assert.Equal(TimeSpan.FromMinutes(1), open.RetryAfter);
        await RunAsync(breakers, "other.test", Good);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(breakers, "dead.test", Good);
        await RunAsync(breakers, "dead.test", Good);
    }

    [Fact]
    public async Task Does_not_take_a_host_that_says_no_for_a_dead_one()
    {
        var breakers = new DestinationBreakers(new RelayOptions(), _clock);
        for (var i = 0; i < 20; i++)
            await RunAsync(breakers, "choosy.test", i % 4 == 3 ? Good : Vain);
    }

    [Fact]
    public async Task Never_pauses_longer_than_the_first_wait_of_the_schedule()
    {
        var breakers = new DestinationBreakers(new RelayOptions { RetryDelays = [TimeSpan.FromSeconds(1)] }, _clock);
        for (var i = 0; i < 5; i++)
            await RunAsync(breakers, "dead.test", Vain);

        var open = await Assert.ThrowsAsync<BrokenCircuitException>(() => RunAsync(breakers, "dead.test", Vain));
        Assert.Equal(TimeSpan.FromSeconds(1), open.RetryAfter);
    }

    [Fact]
    public void Remembers_a_thousand_destinations_and_no_more()
    {
        var breakers = new DestinationBreakers(new RelayOptions(), _clock);
        var first = breakers.For("0.test");
        var second = breakers.For("1.test");
        for (var i = 2; i < 2000; i++)
            breakers.For($"{i}.test");
        Assert.Same(first, breakers.For("0.test"));

        breakers.For("2000.test");

        Assert.Same(first, breakers.For("0.test"));
        Assert.NotSame(second, breakers.For("1.test"));
    }

    private static async Task RunAsync(DestinationBreakers breakers, string destination, CourierReport report) =>
        await breakers.For(destination).Pipeline.ExecuteAsync(_ => ValueTask.FromResult(report), TestContext.Current.CancellationToken);
}
