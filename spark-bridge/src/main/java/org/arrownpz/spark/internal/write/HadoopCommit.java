package org.arrownpz.spark.internal.write;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.JobStatus;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitterFactory;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.jspecify.annotations.Nullable;

/**
 * A job, or an attempt of a task, of the output committer that Hadoop's configuration names for the table's store, such as
 * S3A's magic one: files are uploaded to their places and appear there when the job is committed, none of them by a rename.
 *
 * @param committer of this attempt alone
 * @param context tells the committer the job, the task and the attempt
 */
record HadoopCommit(PathOutputCommitter committer, TaskAttemptContext context) {
    /**
     * A job's or an attempt's; null where the store has no committer but the one that renames, which this module does itself.
     *
     * @param job names the write: no other one has the name, and files with it in theirs keep them
     */
    static @Nullable HadoopCommit of(URI table, String job, int task, long attempt, Configuration configuration)
            throws IOException {
        JobConf own = new JobConf(configuration);
        own.set("spark.sql.sources.writeJobUUID", job);
        // What a write replaces is this module's to say.
        own.set("fs.s3a.committer.staging.conflict-mode", "append");
        TaskID id = new TaskID(new JobID(job, 0), TaskType.MAP, task);
        TaskAttemptContext context =
                new TaskAttemptContextImpl(own, new TaskAttemptID(id, (int) (attempt & Integer.MAX_VALUE)));
        PathOutputCommitter committer = PathOutputCommitterFactory.createCommitter(new Path(table), context);
        return committer instanceof FileOutputCommitter ? null : new HadoopCommit(committer, context);
    }

    void setupJob() throws IOException {
        committer.setupJob(context);
    }

    void commitJob() throws IOException {
        committer.commitJob(context);
    }

    void abortJob() throws IOException {
        committer.abortJob(context, JobStatus.State.FAILED);
    }

    /** Begins the attempt: the directory that stands for the table's while it writes. */
    URI setupTask() throws IOException {
        committer.setupTask(context);
        return committer.getWorkPath().toUri();
    }

    void commitTask() throws IOException {
        if (committer.needsTaskCommit(context)) {
            committer.commitTask(context);
        }
    }

    void abortTask() throws IOException {
        committer.abortTask(context);
    }
}
