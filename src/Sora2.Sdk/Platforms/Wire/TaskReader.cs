using System.Text.Json;

namespace Sora2.Sdk;

/// <summary>
/// Reads a task from any answer either platform has been seen to give, in one pass over the bytes. Values are offered with a rank; the best rank wins
/// wherever it stands in the answer. A <c>data</c> object that is itself a task counts as one level deeper.
/// </summary>
internal sealed class TaskReader
{
    private const int MaxLevels = 4;

    /// <summary>An answer's value, and the level it stood at.</summary>
    private readonly record struct Found(string Text, int Level, int Rank);

    private readonly string?[] _statuses = new string?[MaxLevels];
    private readonly List<Found> _urls = [];
    private Found? _id;
    private Found? _progress;
    private Found? _reason;
    private Found? _model;
    private Found? _thumbnail;
    private Found? _created;
    private Found? _started;
    private Found? _completed;
    private Found? _updated;
    private double? _fraction;

    /// <summary>Whether the answer carries an id field that says nothing: with an error word, that is how a refusal looks.</summary>
    public bool HasBlankId { get; private set; }

    public string? Id => _id?.Text;

    /// <summary>The platform's word: of the innermost level whose word is known, else of the innermost that has one.</summary>
    public string? RawStatus => TaskLevel is { } level ? _statuses[level] : null;

    public double? Progress => LenientValues.Percent(_progress?.Text) ?? _fraction;

    public string? FailureReason => _reason?.Text;

    public string? Model => _model?.Text;

    public Uri? ThumbnailUrl => LenientValues.Url(_thumbnail?.Text);

    public DateTimeOffset? CreatedAt => LenientValues.Time(_created?.Text);

    public DateTimeOffset? StartedAt => LenientValues.Time(_started?.Text);

    public DateTimeOffset? CompletedAt => LenientValues.Time(_completed?.Text);

    public DateTimeOffset? UpdatedAt => LenientValues.Time(_updated?.Text);

    /// <summary>The first address, in the order of <see cref="UrlRank"/> as seen from the level that is the task; outer levels come last.</summary>
    public Uri? VideoUrl()
    {
        var task = TaskLevel ?? 0;
        Uri? best = null;
        var bestRank = int.MaxValue;
        foreach (var found in _urls)
        {
            var rank = found.Level < task ? 100 + UrlRank.Of(found.Rank, 0) : UrlRank.Of(found.Rank, found.Level - task);
            if (LenientValues.Url(found.Text) is not { } url)
            {
                continue;
            }

            rank += WebAddress.Is(url) ? 0 : 1000; // shown if there is nothing better, never fetched
            if (rank < bestRank)
            {
                (best, bestRank) = (url, rank);
            }
        }

        return best;
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is not JSON, or not all of it.</exception>
    /// <returns>Whether it is an object; what it says is in <paramref name="answer"/>, also when the reading broke off.</returns>
    public static bool Read(ReadOnlySpan<byte> json, TaskReader answer)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        answer.ReadFields(ref reader, Part.Task, 0);
        // Nothing may follow: this makes the reader say so.
        reader.Read();
        return true;
    }

    /// <summary>The id in an answer of which only a part came: one that was accepted must not be lost.</summary>
    public static string? SalvageId(ReadOnlySpan<byte> part)
    {
        var answer = new TaskReader();
        try
        {
            Read(part, answer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return answer.Id; // It breaks off, of course.
        }

        return answer.Id;
    }

    private int? TaskLevel
    {
        get
        {
            int? withWord = null;
            for (var level = MaxLevels - 1; level >= 0; level--)
            {
                if (_statuses[level] is not { } word)
                {
                    continue;
                }

                if (StatusWords.Read(word) != VideoTaskStatus.Unknown)
                {
                    return level;
                }

                withWord ??= level;
            }

            return withWord;
        }
    }

    /// <summary>The objects of an answer whose fields matter.</summary>
    private enum Part
    {
        Task,
        Detail,
        PendingInfo,
        DraftInfo,
        Error,
        Video,
    }

    /// <summary>Reads the object that the reader stands on, field by field; those that do not matter are passed over.</summary>
    private void ReadFields(ref Utf8JsonReader reader, Part part, int level)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matters = part switch
            {
                Part.Task => ReadTaskField(ref reader, level),
                Part.Detail => ReadDetailField(ref reader, level),
                Part.PendingInfo => ReadPendingInfoField(ref reader, level),
                Part.DraftInfo => ReadDraftInfoField(ref reader, level),
                Part.Error => ReadErrorField(ref reader, level),
                _ => ReadVideoField(ref reader, level),
            };
            if (!matters)
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    /// <summary>Reads the value of the field that the reader stands on if it is an object, else passes it over.</summary>
    private void ReadObject(ref Utf8JsonReader reader, Part part, int level)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject && level < MaxLevels)
        {
            ReadFields(ref reader, part, level);
        }
        else
        {
            reader.Skip();
        }
    }

    private bool ReadTaskField(ref Utf8JsonReader reader, int level)
    {
        if (reader.ValueTextEquals("status"u8))
        {
            reader.Read();
            _statuses[level] = LenientValues.Text(ref reader) ?? _statuses[level];
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            // A number is the relay's own row count; a task_id, at whatever level, is the one to ask with.
            var isNumber = reader.TokenType == JsonTokenType.Number;
            var text = LenientValues.Text(ref reader);
            HasBlankId |= level == 0 && text is null;
            Offer(ref _id, text, isNumber ? MaxLevels : level, 0);
        }
        else if (reader.ValueTextEquals("task_id"u8))
        {
            Offer(ref _id, ref reader, level, 1);
        }
        else if (reader.ValueTextEquals("taskId"u8))
        {
            Offer(ref _id, ref reader, level, 2);
        }
        else if (reader.ValueTextEquals("progress"u8))
        {
            reader.Read();
            var text = LenientValues.Text(ref reader);
            Offer(ref _progress, LenientValues.Percent(text) is null ? null : text, level, 0);
        }
        else if (reader.ValueTextEquals("video_url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.VideoUrl);
        }
        else if (reader.ValueTextEquals("output"u8))
        {
            OfferUrl(ref reader, level, UrlRank.Output);
        }
        else if (reader.ValueTextEquals("outputs"u8))
        {
            ReadOutputs(ref reader, level);
        }
        else if (reader.ValueTextEquals("url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.Url);
        }
        else if (reader.ValueTextEquals("result_url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.ResultUrl);
        }
        else if (reader.ValueTextEquals("thumbnail_url"u8))
        {
            Offer(ref _thumbnail, ref reader, level, 0);
        }
        else if (reader.ValueTextEquals("fail_reason"u8))
        {
            Offer(ref _reason, ref reader, level, 0);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            ReadError(ref reader, level);
        }
        else if (reader.ValueTextEquals("failure_reason"u8))
        {
            Offer(ref _reason, ref reader, level, 4);
        }
        else if (reader.ValueTextEquals("error_message"u8))
        {
            Offer(ref _reason, ref reader, level, 5);
        }
        else if (reader.ValueTextEquals("model"u8))
        {
            Offer(ref _model, ref reader, level, 0);
        }
        else if (reader.ValueTextEquals("created_at"u8) || reader.ValueTextEquals("submit_time"u8))
        {
            OfferTime(ref _created, ref reader, level);
        }
        else if (reader.ValueTextEquals("start_time"u8))
        {
            OfferTime(ref _started, ref reader, level);
        }
        else if (reader.ValueTextEquals("completed_at"u8) || reader.ValueTextEquals("finish_time"u8))
        {
            OfferTime(ref _completed, ref reader, level);
        }
        else if (reader.ValueTextEquals("status_update_time"u8))
        {
            OfferTime(ref _updated, ref reader, level);
        }
        else if (reader.ValueTextEquals("data"u8))
        {
            ReadObject(ref reader, Part.Task, level + 1);
        }
        else if (reader.ValueTextEquals("detail"u8))
        {
            ReadObject(ref reader, Part.Detail, level);
        }
        else if (reader.ValueTextEquals("video"u8))
        {
            ReadObject(ref reader, Part.Video, level);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool ReadDetailField(ref Utf8JsonReader reader, int level)
    {
        if (reader.ValueTextEquals("url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.DetailUrl);
        }
        else if (reader.ValueTextEquals("video_url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.DetailVideoUrl);
        }
        else if (reader.ValueTextEquals("thumbnail_url"u8))
        {
            Offer(ref _thumbnail, ref reader, level, 1);
        }
        else if (reader.ValueTextEquals("pending_info"u8))
        {
            ReadObject(ref reader, Part.PendingInfo, level);
        }
        else if (reader.ValueTextEquals("draft_info"u8))
        {
            ReadObject(ref reader, Part.DraftInfo, level);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool ReadPendingInfoField(ref Utf8JsonReader reader, int level)
    {
        if (reader.ValueTextEquals("progress_pct"u8))
        {
            reader.Read();
            // Named a percentage, but a share of one: captured 2025-10-06.
            _fraction = LenientValues.Share(LenientValues.Text(ref reader)) ?? _fraction;
        }
        else if (reader.ValueTextEquals("failure_reason"u8))
        {
            Offer(ref _reason, ref reader, level, 6);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool ReadDraftInfoField(ref Utf8JsonReader reader, int level)
    {
        if (reader.ValueTextEquals("downloadable_url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.DraftDownloadableUrl);
        }
        else if (reader.ValueTextEquals("url"u8))
        {
            OfferUrl(ref reader, level, UrlRank.DraftUrl);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool ReadVideoField(ref Utf8JsonReader reader, int level)
    {
        if (!reader.ValueTextEquals("url"u8))
        {
            return false;
        }

        OfferUrl(ref reader, level, UrlRank.NestedVideoUrl);
        return true;
    }

    private bool ReadErrorField(ref Utf8JsonReader reader, int level)
    {
        if (reader.ValueTextEquals("message_zh"u8))
        {
            Offer(ref _reason, ref reader, level, 2);
        }
        else if (reader.ValueTextEquals("message"u8))
        {
            Offer(ref _reason, ref reader, level, 3);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>An error is an object, or a text.</summary>
    private void ReadError(ref Utf8JsonReader reader, int level)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadFields(ref reader, Part.Error, level);
        }
        else
        {
            Offer(ref _reason, LenientValues.Text(ref reader), level, 1);
        }
    }

    private void ReadOutputs(ref Utf8JsonReader reader, int level)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            var text = LenientValues.Text(ref reader);
            if (first && text is not null)
            {
                _urls.Add(new Found(text, level, UrlRank.FirstOutput));
            }
        }
    }

    private static void Offer(ref Found? best, ref Utf8JsonReader reader, int level, int rank)
    {
        reader.Read();
        Offer(ref best, LenientValues.Text(ref reader), level, rank);
    }

    private static void OfferTime(ref Found? best, ref Utf8JsonReader reader, int level)
    {
        reader.Read();
        var text = LenientValues.Text(ref reader);
        Offer(ref best, LenientValues.Time(text) is null ? null : text, level, 0);
    }

    /// <summary>The outer level wins, then the better rank.</summary>
    private static void Offer(ref Found? best, string? text, int level, int rank)
    {
        if (text is not null && (best is not { } current || (level, rank).CompareTo((current.Level, current.Rank)) < 0))
        {
            best = new Found(text, level, rank);
        }
    }

    private void OfferUrl(ref Utf8JsonReader reader, int level, int rank)
    {
        reader.Read();
        if (LenientValues.Text(ref reader) is { } text)
        {
            _urls.Add(new Found(text, level, rank));
        }
    }
}
