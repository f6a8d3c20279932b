using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Queue;

/// <summary>Has failures and successes reported, one report for all of a message that belongs together. State of the queue's loop.</summary>
internal sealed class ReportFeed(SpoolReader reader, ReadyList ready, Reporting reporting, LoopTasks tasks)
{
    /// <summary>Messages looked for at once.</summary>
    private const int MaxMessages = 100;

    private readonly HashSet<long> _underWay = [];
    private readonly Dictionary<long, List<TranscriptLine>> _dialogues = [];
    private bool _isBehind;
    private bool _isDue = true;

    /// <summary>There may be something to report.</summary>
    public void Look() => _isDue = true;

    /// <summary>An attempt has ended.</summary>
    public void Ended(long messageKey, AttemptResult result)
    {
        _isDue |= _isBehind || result.Failed;
        if (!result.Failed || result.Dialogue.Count == 0)
            return;
        if (!_dialogues.TryGetValue(messageKey, out var dialogue))
            _dialogues.Add(messageKey, dialogue = []);
        dialogue.AddRange(result.Dialogue);
    }

    /// <summary>Starts what there is to report.</summary>
    public void Feed()
    {
        if (!_isDue)
            return;

        (_isDue, _isBehind) = (false, false);
        foreach (var message in reader.Unreported(MaxMessages))
        {
            // What is under way may fail too, and belongs into the same report.
            if (ready.IsRunning(message) || !_underWay.Add(message))
            {
                _isBehind = true;
                continue;
            }

            _dialogues.Remove(message, out var dialogue);
            tasks.Run(
                async stopping =>
                {
                    await reporting.RunAsync(message, dialogue ?? [], stopping);
                    return true;
                },
                _ =>
                {
                    _underWay.Remove(message);
                    _isDue = true;
                });
        }
    }
}
