using System.Globalization;
using MailSuite.Mta.Spool;

using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using MailSuite.Mta.Tests.Smtp.Catalogue;

namespace MailSuite.Mta.Tests.Spool;

/// <summary>The table of states in <c>src/Mta/Spool/README.md</c>, the transitions in the code, and what a database does, are the same.</summary>
public sealed class StateTableTests
{
    private static readonly RecipientState[] States = Enum.GetValues<RecipientState>();

    [Fact]
    public void The_table_and_the_code_have_the_same_transitions()
    {
        var code = RecipientTransitions.All.Select(one => (From: (int?)one.From, To: (int)one.To, By: NameOf(one.Change)))
            .Concat(RecipientTransitions.Initial.Select(state => ((int?)null, (int)state, "AcceptAsync")));
        Assert.Equal(code.Order(), Rows().SelectMany(row => row.From.SelectMany(from => row.To.Select(to => (from, to, row.By)))).Order());
    }

    [Fact]
    public void Final_states_lead_nowhere_but_to_what_has_gone()
    {
        Assert.All(RecipientTransitions.All.Where(one => RecipientTransitions.Final.Contains(one.From)), one => Assert.Equal(StateChange.Settle, one.Change));
        Assert.DoesNotContain(RecipientTransitions.All, one => one.From is RecipientState.Delivered or RecipientState.Reported);
    }

    [Fact]
    public async Task A_settlement_does_what_the_table_allows_and_nothing_else()
    {
        await using var scene = await SpoolScene.OpenAsync();
        foreach (var from in States)
        {
            foreach (var to in RecipientTransitions.All.Where(one => one.Change == StateChange.Settle).Select(one => one.To).Distinct())
            {
                var message = await InStateAsync(scene, from);
                var settled = Record.ExceptionAsync(() => scene.Store.SettleAsync(message, [SettlementTo(message, to, scene.Clock.GetUtcNow())]));
                Assert.True(await settled is null or InvalidOperationException);
                Check(scene, message, StateChange.Settle, from, to);
            }
        }
    }

    [Theory]
    [InlineData(QueueAction.Hold)]
    [InlineData(QueueAction.Release)]
    [InlineData(QueueAction.Drop)]
    [InlineData(QueueAction.Return)]
    public async Task An_order_does_what_the_table_allows_and_nothing_else(QueueAction action)
    {
        await using var scene = await SpoolScene.OpenAsync();
        var change = Enum.Parse<StateChange>(action.ToString());
        foreach (var from in States)
        {
            var message = await InStateAsync(scene, from);
            var recipient = message.Recipients[0];
            var ordered = new OrderedRecipient(message.Key, recipient.Key, message.Id, message.Journey, false, recipient.Recipient, null);
            await scene.Store.OrderAsync(new QueueOrderBatch(new QueueOrder(action, "ann"), [ordered]), TestContext.Current.CancellationToken);
            Check(scene, message, change, from, RecipientTransitions.All.First(one => one.Change == change).To);
        }
    }

    private static void Check(SpoolScene scene, QueuedMessage message, StateChange change, RecipientState from, RecipientState to)
    {
        var after = RecipientTransitions.All.Contains(new RecipientTransition(from, to, change)) ? to : from;
        var kept = message.Recipients[1].Key;
        Assert.Equal(
            $"{(int)after} {(int)RecipientState.Waiting}",
            scene.Text($"SELECT group_concat(State, ' ') FROM (SELECT State FROM Recipients WHERE Id IN ({message.Recipients[0].Key}, {kept}) ORDER BY Id)"));
    }

    /// <summary>A message whose first recipient is in a state; the second waits, so that it stays in the table.</summary>
    private static async Task<QueuedMessage> InStateAsync(SpoolScene scene, RecipientState state)
    {
        var sent = scene.Message(100, "bob@there.test", "cy@there.test");
        await scene.Store.AcceptAsync(sent, TestContext.Current.CancellationToken);
        var key = long.Parse(scene.Text($"SELECT Id FROM Messages WHERE QueueId = '{sent.Id}'"), CultureInfo.InvariantCulture);
        var message = scene.Store.Reader.LoadWaiting(key)!;
        scene.Execute($"UPDATE Recipients SET State = {(int)state} WHERE Id = {message.Recipients[0].Key}");
        return message;
    }

    private static Settlement SettlementTo(QueuedMessage message, RecipientState to, DateTimeOffset now)
    {
        var outcome = to switch
        {
            RecipientState.Waiting => RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, "later"),
            RecipientState.Failed or RecipientState.FailedSilently => RecipientOutcome.Failed(StatusCodes.NoSuchMailbox, "never"),
            _ => RecipientOutcome.InMailbox(expanded: false),
        };
        return new Settlement(message.Recipients[0].Key, to, outcome, to == RecipientState.Waiting ? now.AddMinutes(5) : null, Tried: true);
    }

    private static string NameOf(StateChange change) => change switch
    {
        StateChange.Settle => "SettleAsync",
        StateChange.Report => "ReportAsync",
        StateChange.Keep => "KeepAsync",
        _ => $"OrderAsync {change.ToString().ToLowerInvariant()}",
    };

    private static IEnumerable<(int?[] From, int[] To, string By)> Rows() =>
        File.ReadLines(Path.Combine(SourceTree.Root, "src", "Mta", "Spool", "README.md"))
            .SkipWhile(line => !line.StartsWith("| from | to | by |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (
                cells[1] == "(nothing)" ? new int?[] { null } : [.. cells[1].Split(',').Select(number => (int?)int.Parse(number, CultureInfo.InvariantCulture))],
                cells[2].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray(),
                cells[3].Replace("`", "", StringComparison.Ordinal)));
}
