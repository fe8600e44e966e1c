using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>Reads the file of a record; of a damaged file, what is legible.</summary>
internal static class TaskRecordFile
{
    public const string Extension = ".json";

    /// <summary>A record has a few thousand bytes; only the beginning of a longer file is read.</summary>
    private const int MaxLength = 4 * 1024 * 1024;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Fields by which a record is recognized: two of them are enough.</summary>
    private static readonly string[] OwnFields = ["key", "platform", "taskId", "state", "createdAt"];

    /// <summary>Whether a key is in the SDK's own format, such as 20261121-010203004- followed by 32 hexadecimal digits.</summary>
    public static bool IsOwnName(string key) =>
        key.Length == 51 && key[8] == '-' && key[18] == '-' && key.AsSpan(19).IndexOfAnyExcept(Hexadecimal) < 0
        && key.AsSpan(0, 8).IndexOfAnyExceptInRange('0', '9') < 0 && key.AsSpan(9, 9).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Returns the record, one that describes the damage, or null if the file does not exist or is not a record.</summary>
    public static TaskRecord? Read(string path, string key)
    {
        byte[] bytes;
        try
        {
            bytes = AtomicFile.Read(path, MaxLength);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Damaged(path, key, new Salvage(), $"cannot be read. {MessageText.EnsurePeriod(e.Message)}");
        }

        var json = AtomicFile.Utf8(bytes);
        try
        {
            if (JsonSerializer.Deserialize(json.Span, TaskRecordJsonContext.Readable.TaskRecord) is { Platform: not null } record
                && string.Equals(record.Key, key, StringComparison.OrdinalIgnoreCase)
                && Enum.IsDefined(record.State)
                && Enum.IsDefined(record.Kind))
            {
                return record;
            }
        }
        catch (JsonException)
        {
            // What is legible is read below.
        }

        var salvage = Salvage.From(json.Span);
        return salvage.IsValid && !salvage.IsEmpty && !IsOwnName(key) && OwnFields.Count(field => salvage[field] is not null) < 2
            ? null
            : Damaged(path, key, salvage, Problem(key, salvage));
    }

    private static string Problem(string key, Salvage salvage) =>
        salvage.IsEmpty ? "is empty."
        : !salvage.IsValid ? "is damaged."
        : salvage["state"] is { } state && !Enum.TryParse<TaskRecordState>(state, ignoreCase: true, out _)
            ? $"has the state \"{LogSanitizer.SingleLine(state, 40)}\", which this version of the SDK does not support."
        : salvage["key"] is { } other && other != key ? $"is the record of {LogSanitizer.SingleLine(other)} under another name."
        : "is damaged: fields are missing or not valid.";

    /// <summary>Returns an Unknown record, since the task may have been paid for, with the task's id if it is legible.</summary>
    private static TaskRecord Damaged(string path, string key, Salvage salvage, string problem)
    {
        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        var platform = salvage["platform"];
        var names = platform is null && salvage["taskId"] is { } taskId ? $" It names task {LogSanitizer.SingleLine(taskId)}." : "";
        return new TaskRecord
        {
            Key = key,
            Platform = platform ?? "",
            Client = salvage["client"] ?? "",
            Kind = Enum.TryParse<TaskRecordKind>(salvage["kind"], out var kind) ? kind : default,
            State = TaskRecordState.Unknown,
            TaskId = platform is null ? null : salvage["taskId"], // an id alone cannot be polled
            Prompt = salvage["prompt"],
            Model = salvage["model"],
            CreatedAt = salvage.Time("createdAt") ?? changed,
            UpdatedAt = salvage.Time("updatedAt") ?? changed,
            Error = $"\"{path}\" {problem}{names} Fix the file or remove the record; move a file of another program elsewhere.",
        };
    }

    /// <summary>The string fields of a JSON object, up to where it is damaged.</summary>
    private sealed class Salvage
    {
        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

        /// <summary>Whether the file is valid JSON.</summary>
        public bool IsValid { get; private set; }

        /// <summary>Whether the file has no content.</summary>
        public bool IsEmpty { get; private set; }

        public string? this[string field] => _texts.GetValueOrDefault(field);

        public DateTimeOffset? Time(string field) =>
            DateTimeOffset.TryParse(this[field], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

        public static Salvage From(ReadOnlySpan<byte> json)
        {
            var content = json.Trim(" \t\r\n\0"u8);
            var salvage = new Salvage { IsEmpty = content is [] || content.SequenceEqual("null"u8) };
            var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var reader = new Utf8JsonReader(json, options);
            try
            {
                string? field = null;
                var tokens = 0;
                while (reader.Read())
                {
                    tokens++;
                    if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1 && field is not null)
                    {
                        salvage._texts[field] = reader.GetString()!;
                    }

                    field = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 ? reader.GetString() : null;
                }

                salvage.IsValid = tokens > 0;
                salvage.IsEmpty |= tokens == 2; // [] or {}
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // An InvalidOperationException is text that is not valid Unicode. The fields before it are kept.
            }

            return salvage;
        }
    }
}
