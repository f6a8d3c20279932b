using System.Diagnostics;

namespace MailSuite.Bench.Kill;

/// <summary>Waits for a moment, the n-th of its kind, and strikes.</summary>
internal sealed class Trigger(Moment moment, int occurrence, TimeSpan delay, Action strike)
{
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;
    private long _at;

    /// <summary>Done when it has struck.</summary>
    public Task Met => _met.Task;

    /// <summary>When it struck.</summary>
    public long? At => _at == 0 ? null : _at;

    /// <summary>Something has happened.</summary>
    public void See(Moment seen)
    {
        if (seen != moment || Interlocked.Increment(ref _seen) != occurrence)
            return;

        // Here and now, in no other thread and by no timer: what is to be hit lasts less than a millisecond.
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < delay)
            Thread.SpinWait(10);
        strike();
        _at = Stopwatch.GetTimestamp();
        _met.TrySetResult();
    }
}
