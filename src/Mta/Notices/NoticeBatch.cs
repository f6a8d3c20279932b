using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Notices;

/// <summary>The notices of one write to the spool: rows in its transaction, and known to whoever posts them when it is committed.</summary>
internal sealed class NoticeBatch : IDisposable
{
    private readonly List<(NoticeLine Line, NewNotice Notice)> _notices = [];
    private readonly List<long> _keys = [];
    private bool _isPublished;

    /// <summary>Adds a notice, if its line has a place.</summary>
    public void Add(NoticeLine line, DeliveryEvent what, string id, string json)
    {
        if (line.TryTakePlace())
            _notices.Add((line, new NewNotice(what, line.Target.Name, id, json)));
    }

    /// <summary>Writes the rows. A transaction that fails as part of a group is tried again by itself, so this may run twice.</summary>
    /// <param name="add">Writes one row and gives its key.</param>
    public void Write(Func<NewNotice, long> add)
    {
        _keys.Clear();
        foreach (var (_, notice) in _notices)
            _keys.Add(add(notice));
    }

    /// <summary>After the commit: they are to be posted. Without <see cref="Write"/> there is nothing to post.</summary>
    public void Publish()
    {
        for (var i = 0; i < _keys.Count; i++)
            _notices[i].Line.Add(_keys[i]);
        _isPublished = _keys.Count == _notices.Count;
    }

    /// <summary>After the write, whatever it came to: what was not committed has no place any more.</summary>
    public void Dispose()
    {
        if (!_isPublished)
            _notices.ForEach(notice => notice.Line.GiveBackPlace());
    }
}
