namespace Sora2.Sdk.Tasks;

/// <summary>Finds the ids of records by task and by key; a copied file makes two records of one task. Not thread-safe.</summary>
internal sealed class TaskIndex
{
    private readonly Dictionary<string, string[]> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _ids = new(StringComparer.Ordinal);

    public bool Has(string id) => _terms.ContainsKey(id);

    /// <summary>Returns the newest attempt of a key; of two with one number the intact one, as a damaged copy is Unknown.</summary>
    public static TaskRecord? Newest(IEnumerable<TaskRecord> attempts) => attempts
        .OrderBy(record => record.Attempt)
        .ThenBy(record => record.State != TaskRecordState.Unknown)
        .ThenBy(record => record.Id, StringComparer.Ordinal)
        .LastOrDefault();

    public IReadOnlyList<string> IdsOf(TaskHandle task) => Find(Term(task.PlatformName, task.Id));

    public IReadOnlyList<string> IdsOf(string key) => Find(Term(key));

    /// <summary>Adds a record, or replaces the one with the same id.</summary>
    public void Set(TaskRecord record, string id)
    {
        Remove(id);
        string[] task = record.TaskId is null ? [] : [Term(record.PlatformName, record.TaskId), Term(platform: null, record.TaskId)];
        string[] terms = record.Key is null ? task : [.. task, Term(record.Key)];
        _terms.Add(id, terms);
        foreach (var term in terms)
        {
            if (_ids.TryGetValue(term, out var ids))
            {
                ids.Add(id);
            }
            else
            {
                _ids.Add(term, [id]);
            }
        }
    }

    public void Remove(string id)
    {
        if (!_terms.Remove(id, out var terms))
        {
            return;
        }

        foreach (var term in terms)
        {
            if (_ids[term].Remove(id) && _ids[term].Count == 0)
            {
                _ids.Remove(term);
            }
        }
    }

    private string[] Find(string term) => _ids.TryGetValue(term, out var ids) ? [.. ids] : [];

    private static string Term(string key) => "key\n" + key;

    private static string Term(string? platform, string taskId) => $"task\n{platform}\n{taskId}";
}
