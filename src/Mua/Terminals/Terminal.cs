namespace MailSuite.Mua.Terminals;

/// <summary>The open pages of one account, and the notices on them.</summary>
internal sealed class Terminal(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<ITerminalPage> _pages = [];
    private readonly List<TerminalNotice> _notices = [];
    private long _leftAt = clock.GetTimestamp();
    private bool _isAbandoned;

    internal IReadOnlyList<ITerminalPage> ConnectedPages
    {
        get
        {
            lock (_lock)
                return _pages.FindAll(page => page.IsConnected);
        }
    }

    internal IReadOnlyList<TerminalNotice> Notices
    {
        get
        {
            lock (_lock)
            {
                ForgetWhatNobodySaw();
                return [.. _notices];
            }
        }
    }

    /// <returns>Whether it is one still.</returns>
    internal bool TryOpen(ITerminalPage page)
    {
        lock (_lock)
        {
            if (_isAbandoned)
                return false;
            ForgetWhatNobodySaw();
            _pages.Add(page);
            return true;
        }
    }

    internal void Close(ITerminalPage page)
    {
        lock (_lock)
        {
            _pages.Remove(page);
            _leftAt = clock.GetTimestamp();
        }
    }

    /// <returns>Whether there is room on the screen.</returns>
    internal bool TryAdd(TerminalNotice notice)
    {
        lock (_lock)
        {
            if (_isAbandoned || _notices.Count >= TerminalLimits.MaxNotices)
                return false;
            _notices.Add(notice);
            return true;
        }
    }

    internal bool Remove(Guid notice)
    {
        lock (_lock)
            return _notices.RemoveAll(known => known.Id == notice) > 0;
    }

    /// <returns>Whether nobody has been here for so long that it is one no more.</returns>
    internal bool TryAbandon()
    {
        lock (_lock)
            return _isAbandoned = _isAbandoned || IsLeft;
    }

    private bool IsLeft => _pages.Count == 0 && clock.GetElapsedTime(_leftAt) > TerminalLimits.BetweenPages;

    private void ForgetWhatNobodySaw()
    {
        if (IsLeft)
            _notices.Clear();
    }
}
