namespace :data do
  task :send do
    sh "report"
  end
end
