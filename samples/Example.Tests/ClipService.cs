using Sora2.Sdk;

namespace Example;

/// <summary>The code under test, as an application may have it: makes one clip for an order and returns what became of it.</summary>
public sealed class ClipService(ISora2Client sora, string folder)
{
    public async Task<Clip> MakeAsync(string prompt, CancellationToken cancellationToken = default)
    {
        try
        {
            var task = await sora.Videos.GenerateAsync(new VideoRequest(prompt), cancellationToken: cancellationToken);
            var video = await sora.Videos.DownloadAsync(task, Path.Combine(folder, "clip.mp4"), cancellationToken: cancellationToken);
            return new Clip(ClipState.Ready, task.Id, video.Path);
        }
        catch (VideoTaskFailedException e) when (e.Kind is Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration)
        {
            return new Clip(ClipState.Refused, e.TaskId);
        }
        catch (WaitTimeoutException e)
        {
            return new Clip(ClipState.Later, e.TaskId); // the task keeps running: a later job waits for the id
        }
        catch (SubmissionUnknownException)
        {
            return new Clip(ClipState.NeedsReview); // it may have been billed: never ordered a second time automatically
        }
    }
}
