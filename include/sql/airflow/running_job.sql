-- running_job: processes of Airflow that are at work on a database.
-- Grain: one row per process. Reads: job (Airflow's own database). Params: none.
-- A process says every few seconds that it lives; one that has said nothing for a minute was killed.
select
    job.job_type,
    job.hostname,
    cast(extract(epoch from now() - job.latest_heartbeat) as integer) as silent_seconds
from job
where
    job.state = 'running'
    and job.job_type in ('SchedulerJob', 'TriggererJob', 'DagProcessorJob')
    and job.latest_heartbeat > now() - interval '60 seconds'
order by job.job_type, job.hostname;
