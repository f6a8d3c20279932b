namespace MailSuite.Mda.Store.Sqlite;

/// <summary>One caller's change that waits for the writer.</summary>
internal abstract class StoreWrite(bool takesSpace, CancellationToken cancellationToken)
{
    /// <summary>Whether it is to be refused when the disk is nearly full; what frees room or only marks goes on.</summary>
    internal bool TakesSpace => takesSpace;

    /// <summary>Whether its caller has gone; asked before it begins, never after.</summary>
    internal bool IsCancelled => cancellationToken.IsCancellationRequested;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>Changes the database and nothing else; it may run twice, when the first turn was rolled back.</summary>
    internal abstract void Execute(WriteTurn turn);

    internal abstract void Complete();

    internal abstract void Fail(Exception exception);

    internal abstract void Cancel();
}

/// <inheritdoc cref="StoreWrite"/>
internal sealed class StoreWrite<TResult>(Func<WriteTurn, TResult> work, bool takesSpace, CancellationToken cancellationToken)
    : StoreWrite(takesSpace, cancellationToken)
{
    // Continuations must not run on the writer's thread: they are sessions, and would hold up the next turn.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TResult? _result;

    internal Task<TResult> Task => _completion.Task;

    internal override void Execute(WriteTurn turn) => _result = work(turn);

    internal override void Complete() => _completion.TrySetResult(_result!);

    internal override void Fail(Exception exception) => _completion.TrySetException(exception);

    internal override void Cancel() => _completion.TrySetCanceled(CancellationToken);
}
