namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>What is known of one UID of one mailbox, from all sessions together.</summary>
internal sealed class Fate
{
    private const int KeptStates = 12;

    private readonly Dictionary<long, string> _states = [];
    private readonly Queue<long> _order = new();

    /// <summary>Which message it is; <see langword="null"/> before anybody has read it.</summary>
    public string? Identity { get; set; }

    /// <summary>A command that was answered OK has made it.</summary>
    public bool IsCreated { get; set; }

    /// <summary>Somebody has been told that it is gone: when, on the clock of <see cref="System.Diagnostics.Stopwatch"/>; 0 for nobody.</summary>
    public long GoneAt { get; set; }

    /// <summary>Somebody has asked for \Deleted on it.</summary>
    public bool MayBeExpunged { get; set; }

    /// <summary>A MOVE of it was asked for; answered OK or not.</summary>
    public bool MayBeMoved { get; set; }

    /// <summary>A MOVE of it was answered with its new UID.</summary>
    public bool IsMoved { get; set; }

    /// <summary>The highest MODSEQ that anybody was told of it.</summary>
    public long ModSeq { get; private set; }

    /// <summary>Whether a keyword that only one session changes is set; without a word where that is not known.</summary>
    public Dictionary<string, bool> Owned { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Somebody has asked to replace all flags, so that nothing is known of owned keywords any more.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>A message with one MODSEQ has one set of flags, whoever is told.</summary>
    public void Tell(long modSeq, string flags)
    {
        ModSeq = Math.Max(ModSeq, modSeq);
        if (_states.TryGetValue(modSeq, out var before))
        {
            if (before != flags)
                throw new Wire.WrongAnswerException($"MODSEQ {modSeq} was told with the flags ({before}) and now with ({flags}).");
            return;
        }

        _states.Add(modSeq, flags);
        _order.Enqueue(modSeq);
        if (_order.Count > KeptStates)
            _states.Remove(_order.Dequeue());
    }
}
